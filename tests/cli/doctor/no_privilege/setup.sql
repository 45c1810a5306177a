-- SPDX-License-Identifier: Apache-2.0
select add_incident();
select format('create role %I login', 'blind_' || current_database()) \gexec
