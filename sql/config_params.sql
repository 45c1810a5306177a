-- config_params.sql — which settings the database adds to every proxy that shares it; never their values.
--
--   param_name text
select param_name
from :relation
order by param_name
