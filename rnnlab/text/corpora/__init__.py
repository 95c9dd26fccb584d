"""Where texts come from: catalog, downloads, uploads, encodings, and the library on disk."""
