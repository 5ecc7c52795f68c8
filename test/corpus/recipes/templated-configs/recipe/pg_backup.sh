#!/bin/sh
pg_dump > /backup.sql
