#!/bin/sh
# Runs once, when the volume is new: a database and a role for Temporal, and one for Holdfast, each of which can do nothing in the other's.
set -eu

psql --no-psqlrc --set ON_ERROR_STOP=1 \
  --set temporal_password="$TEMPORAL_DATABASE_PASSWORD" \
  --set holdfast_password="$HOLDFAST_DATABASE_PASSWORD" \
  --username postgres --dbname postgres <<'SQL'
create role temporal login password :'temporal_password';
create role holdfast login password :'holdfast_password';
create database temporal owner temporal;
create database temporal_visibility owner temporal;
create database holdfast owner holdfast;
revoke connect on database temporal, temporal_visibility, holdfast from public;
SQL
