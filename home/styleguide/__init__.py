"""The living page of components: `samples` stand for what is published, `specimens` say which states are shown."""
