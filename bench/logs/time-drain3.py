"""Parses logs with drain3 and three plain masks: its answers for the labelled lines, and its processor time for the others."""

import json
import sys
import time

from drain3 import TemplateMiner
from drain3.masking import MaskingInstruction
from drain3.template_miner_config import TemplateMinerConfig


def create_miner():
    config = TemplateMinerConfig()
    config.masking_instructions = [
        MaskingInstruction(pattern, "*")
        for pattern in (
            r"((?<=[^A-Za-z0-9])|^)(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})((?=[^A-Za-z0-9])|$)",
            r"((?<=[^A-Za-z0-9])|^)(0x[a-f0-9A-F]+)((?=[^A-Za-z0-9])|$)",
            r"((?<=[^A-Za-z0-9])|^)([\-\+]?\d+)((?=[^A-Za-z0-9])|$)",
        )
    ]
    return TemplateMiner(config=config)


def parse(lines):
    miner = create_miner()
    groups = [miner.add_log_message(line)["cluster_id"] for line in lines]
    templates = {one.cluster_id: one.get_template() for one in miner.drain.clusters}
    return [{"group": group, "template": templates[group]} for group in groups]


asked = json.load(open(sys.argv[1], encoding="utf-8"))
miner = create_miner()
began = time.process_time()
for line in asked["timed"]:
    miner.add_log_message(line)
seconds = time.process_time() - began
answer = {"seconds": seconds, "systems": [parse(lines) for lines in asked["systems"]]}
json.dump(answer, open(sys.argv[2], "w", encoding="utf-8"))
