"""The search engine for an institution that runs Elasticsearch: a replica of entries, which can be lost and rebuilt."""
