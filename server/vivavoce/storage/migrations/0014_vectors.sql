-- What a replaced embedder has left behind is found without looking at everything.
CREATE INDEX chunk_vectors_by_model ON chunk_vectors (model);
