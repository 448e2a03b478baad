-- purpose: where an ingest notes bad records, quarantined rows, and the rows that sources used
create schema hogar;
create table hogar.reject (file varchar, row bigint, reason varchar, record varchar);
create table hogar.quarantine ("table" varchar, file varchar, row bigint, reason varchar, record varchar);
create table hogar.used (file varchar, row bigint, bad boolean);
create table hogar.read (file varchar, read bigint);
