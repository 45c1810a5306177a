-- SPDX-License-Identifier: Apache-2.0
select add_incident();
select 'misroute_' || current_database() as role, current_database() as database, 'public' as schema \gset
\ir ../../../../sql/grants.sql
