"""From the trained network to a folder that faster-whisper loads, in CTranslate2's format."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
from ctranslate2.specs.whisper_spec import WhisperSpec
from numpy.typing import NDArray
from torch import nn

from bench.small_whisper.network import ALIGNED_HEADS, Attention, Layer, Network
from bench.small_whisper.tokenizer import TIMESTAMP_S, TIMESTAMPS, Tokens

_FEATURES = {
    "chunk_length": 30,
    "feature_extractor_type": "WhisperFeatureExtractor",
    "feature_size": 80,
    "hop_length": 160,
    "n_fft": 400,
    "sampling_rate": 16_000,
}

Weights = NDArray[np.float32]


def export(network: Network, tokens: Tokens, folder: Path) -> None:
    """Write ``folder`` anew, with weights of eight bits."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    spec = _spec(network)
    names = [tokens.tokenizer.id_to_token(at) for at in range(tokens.first_timestamp)]
    spec.register_vocabulary([*names, *(f"<|{at * TIMESTAMP_S:.2f}|>" for at in range(TIMESTAMPS))])
    last = network.shape.decoder_layers - 1
    spec.config.alignment_heads = [[last, head] for head in range(ALIGNED_HEADS)]
    spec.config.suppress_ids = []
    spec.config.suppress_ids_begin = [tokens.blank, tokens.end]
    spec.config.lang_ids = []
    spec.validate()
    spec.optimize(quantization="int8")
    spec.save(str(folder))
    tokens.tokenizer.save(str(folder / "tokenizer.json"))
    text = json.dumps(_FEATURES, indent=2) + "\n"
    (folder / "preprocessor_config.json").write_text(text, encoding="utf-8")


def _spec(network: Network) -> Any:
    shape = network.shape
    spec = WhisperSpec(shape.encoder_layers, shape.heads, shape.decoder_layers, shape.heads)
    for convolution, to in (
        (network.conv_1, spec.encoder.conv1),
        (network.conv_2, spec.encoder.conv2),
    ):
        to.weight, to.bias = _array(convolution.weight), _array(convolution.bias)
    spec.encoder.position_encodings.encodings = _array(network.get_buffer("positions"))
    spec.decoder.position_encodings.encodings = _array(network.text_positions)
    spec.decoder.embeddings.weight = _array(network.tokens.weight)
    spec.decoder.projection.weight = _array(network.tokens.weight)
    _norm(spec.encoder.layer_norm, network.encoder_norm)
    _norm(spec.decoder.layer_norm, network.decoder_norm)
    for part, layers in ((spec.encoder, network.encoder), (spec.decoder, network.decoder)):
        for to, layer in zip(part.layer, layers, strict=True):
            assert isinstance(layer, Layer)
            _layer(to, layer)
    return spec


def _layer(to: Any, layer: Layer) -> None:
    own = layer.attention
    _norm(to.self_attention.layer_norm, layer.attention_norm)
    _linear(to.self_attention.linear[0], own.query, own.key, own.value)
    _linear(to.self_attention.linear[1], own.out)
    if layer.crossed:
        crossed: Attention = layer.cross
        _norm(to.attention.layer_norm, layer.cross_norm)
        _linear(to.attention.linear[0], crossed.query)
        _linear(to.attention.linear[1], crossed.key, crossed.value)
        _linear(to.attention.linear[2], crossed.out)
    _norm(to.ffn.layer_norm, layer.feed_norm)
    _linear(to.ffn.linear_0, layer.feed_in)
    _linear(to.ffn.linear_1, layer.feed_out)


def _linear(to: Any, *parts: nn.Linear) -> None:
    """Write one matrix for all parts; a part without a bias has one of zeros."""
    to.weight = np.concatenate([_array(part.weight) for part in parts])
    to.bias = np.concatenate(
        [
            np.zeros(part.out_features, np.float32) if part.bias is None else _array(part.bias)
            for part in parts
        ]
    )


def _norm(to: Any, norm: nn.LayerNorm) -> None:
    to.gamma, to.beta = _array(norm.weight), _array(norm.bias)


def _array(tensor: Any) -> Weights:
    return np.asarray(tensor.detach().float().numpy(), np.float32)
