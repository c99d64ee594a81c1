"""Recognisers: what stands behind `pipeline.recognition`."""
