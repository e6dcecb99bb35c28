#!/bin/sh
# Creates the namespace, and the search attributes by which Holdfast's runs are found in the UI. What is there already stays as it is.
# Address and namespace are taken from TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE, as the Temporal CLI does.
set -eu

tries=60
until temporal operator cluster health; do
  tries=$((tries - 1))
  [ "$tries" -gt 0 ] || exit 1
  sleep 2
done

temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" ||
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$RETENTION"

# A new namespace is not served at once.
until temporal operator search-attribute create --namespace "$TEMPORAL_NAMESPACE" \
  --name Service --type Keyword \
  --name Phase --type Keyword \
  --name Trigger --type Keyword \
  --name Verdict --type Keyword \
  --name Severity --type Int \
  --name NeedsApproval --type Bool \
  --name Agents --type KeywordList; do
  tries=$((tries - 1))
  [ "$tries" -gt 0 ] || exit 1
  sleep 2
done
