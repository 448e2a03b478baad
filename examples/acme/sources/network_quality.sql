-- How well did the network work in each cell? The network's own monthly counters; percentages become shares.
select
    celda as place_id,
    mes || '-01' as month,
    coalesce((try_cast(llamadas_cortadas_pct as double) / 100)::text, llamadas_cortadas_pct) as dropped_share,
    mbps,
    _file, _row
from network_quality
