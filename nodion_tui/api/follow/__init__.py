"""How is a log followed without loss? History pages, live stream, resume, proof of completeness."""
