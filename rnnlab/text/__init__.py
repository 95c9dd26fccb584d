"""From characters to ids: vocabularies, corpora, splits, batches, generated languages."""
