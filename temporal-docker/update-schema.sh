#!/bin/sh
# Brings the databases of Temporal to the schema of this version. Does nothing where they have it: a newer schema is left as it is.
set -eu

update() {
  temporal-sql-tool --db "$1" setup-schema --version 0.0
  temporal-sql-tool --db "$1" update-schema --schema-dir "/etc/temporal/schema/postgresql/v12/$2/versioned"
}

update temporal temporal
update temporal_visibility visibility
