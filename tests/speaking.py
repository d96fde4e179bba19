"""A Whisper model that always hears the same words, and a sound that counts as speech.

Real models are large, and not ours to hand on. This one has the form of a real one, so the libraries load and run it,
but nearly all of its weights are zeros: its place decides which word is next, and the language whether any is.
"""

import wave
from io import BytesIO

import numpy as np
from ctranslate2.specs import WhisperSpec
from faster_whisper.tokenizer import _LANGUAGE_CODES
from tokenizers import Tokenizer, decoders, pre_tokenizers
from tokenizers.models import BPE

RATE = 16_000
VOWELS = [(730, 1090, 2440), (270, 2290, 3010), (300, 870, 2240), (530, 1840, 2480), (570, 840, 2410)]
"""Formants in Hz: https://en.wikipedia.org/wiki/Formant."""

_WIDTH = 8
_KNOWN = _WIDTH - 1  # where it stands that a token names a language that the model knows
_ASKED = 3
_TEXT_TOKENS = 50_257
_PLACES = 448


def a_model(folder, *words, language=None):
    """Write a model that hears these words (at most six different ones) in everything.

    Asked in another language than that which it knows (all, if none is named) it hears nothing.
    """
    tokenizer = _tokenizer(sorted(set(words)))
    tokenizer.save(str(folder / "tokenizer.json"))
    spec, size = WhisperSpec(1, 2, 1, 2), tokenizer.get_vocab_size()
    _fill(spec, size)
    said = [*("Ġ" + word for word in words), "<|endoftext|>"]
    _have_say(spec.decoder, [tokenizer.token_to_id(piece) for piece in said], size)
    known = [tokenizer.token_to_id(f"<|{code}|>") for code in ([language] if language else _LANGUAGE_CODES)]
    _fall_silent_without(spec.decoder, known, tokenizer.token_to_id("<|endoftext|>"))
    spec.config.suppress_ids, spec.config.suppress_ids_begin, spec.config.alignment_heads = [], [], [(0, 0)]
    spec.config.lang_ids = [tokenizer.token_to_id(f"<|{code}|>") for code in _LANGUAGE_CODES]
    pieces = [tokenizer.id_to_token(place) for place in range(size)]
    pieces[_TEXT_TOKENS - 1] = ""  # by which the library knows a model of several languages
    spec.register_vocabulary(pieces)
    spec.validate()
    spec.optimize()
    spec.save(str(folder))
    return folder


def a_voice(seconds=3.0):
    """A recording (WAV) of somebody who says vowels, one after the other."""
    sound = np.concatenate([_vowel(VOWELS[place % len(VOWELS)]) for place in range(int(seconds / 0.18))])
    return recorded(sound / np.abs(sound).max() * 0.5)


def silence(seconds=3.0):
    """A recording (WAV) in which nobody speaks."""
    return recorded(np.zeros(int(seconds * RATE)))


def recorded(sound):
    """A sound (-1 to 1) as a WAV file."""
    file = BytesIO()
    with wave.open(file, "wb") as written:
        written.setparams((1, 2, RATE, 0, "NONE", ""))
        written.writeframes((sound * 32_000).astype("<i2").tobytes())
    return file.getvalue()


def _vowel(formants):
    """A voice's pulses, 120 a second, through a resonance at each formant."""
    samples = np.arange(int(0.18 * RATE))
    sound = (samples % (RATE // 120) == 0).astype(float)
    for frequency in formants:
        ring = np.exp(-100 * np.pi * samples / RATE) * np.sin(2 * np.pi * frequency * samples / RATE)
        sound = np.convolve(sound, ring)[: len(samples)]
    return sound * np.sin(np.pi * samples / len(samples)) ** 0.5


def _tokenizer(words):
    pieces = [*sorted(pre_tokenizers.ByteLevel.alphabet()), *("Ġ" + word for word in words)]
    pieces += [f"~{place}" for place in range(len(pieces), _TEXT_TOKENS)]
    tokenizer = Tokenizer(BPE(vocab={piece: place for place, piece in enumerate(pieces)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tasks = ["translate", "transcribe", "startoflm", "startofprev", "nospeech", "notimestamps"]
    times = [f"{place * 0.02:.2f}" for place in range(1501)]
    special = ["endoftext", "startoftranscript", *_LANGUAGE_CODES, *tasks, *times]
    tokenizer.add_special_tokens([f"<|{name}|>" for name in special])
    return tokenizer


def _fill(spec, size):
    """All weights zero, and norms that leave things as they are."""
    encoder, decoder = spec.encoder, spec.decoder
    _linear(encoder.conv1, _WIDTH, 80, 3)
    _linear(encoder.conv2, _WIDTH, _WIDTH, 3)
    encoder.position_encodings.encodings = _zeros(1500, _WIDTH)
    for layer in (*encoder.layer, *decoder.layer):
        _attention(layer.self_attention, 3 * _WIDTH, _WIDTH)
        _norm(layer.ffn.layer_norm)
        _linear(layer.ffn.linear_0, 4 * _WIDTH, _WIDTH)
        _linear(layer.ffn.linear_1, _WIDTH, 4 * _WIDTH)
    _attention(decoder.layer[0].attention, _WIDTH, 2 * _WIDTH, _WIDTH)
    _norm(encoder.layer_norm)
    _norm(decoder.layer_norm)
    decoder.embeddings.weight = _zeros(size, _WIDTH)


def _have_say(decoder, tokens, size):
    """Each place points at the token that follows; the first is that of the time, which the library asks for.

    Before it stand those of what is asked: to begin, in which language, and to write down.
    """
    places, weights = _zeros(_PLACES, _WIDTH), _zeros(size, _WIDTH)
    different = list(dict.fromkeys(tokens))
    for place in range(_PLACES):
        places[place, different.index(tokens[min(max(place - _ASKED, 0), len(tokens) - 1)])] = 100
    for axis, token in enumerate(different):
        weights[token, axis] = 20
    decoder.position_encodings.encodings = places
    decoder.projection.weight, decoder.projection.bias = weights, _zeros(size)


def _fall_silent_without(decoder, languages, end):
    """Every word looks back for one of these languages in what was asked, and ends it all if there is none."""
    decoder.embeddings.weight[languages, _KNOWN] = 1000
    asks, answers = decoder.layer[0].self_attention.linear
    asks.bias[_KNOWN] = 40  # queries
    asks.weight[_WIDTH + _KNOWN, _KNOWN] = asks.weight[2 * _WIDTH + _KNOWN, _KNOWN] = 1  # keys and values
    ends = int(decoder.projection.weight[end].argmax())
    found = np.sqrt(_WIDTH - 1)  # what a norm makes of one number among zeros
    answers.weight[ends, _KNOWN], answers.bias[ends] = -100, 100 * found


def _attention(attention, *widths):
    _norm(attention.layer_norm)
    for linear, width in zip(attention.linear, widths, strict=True):
        _linear(linear, width, _WIDTH)


def _norm(norm):
    norm.gamma, norm.beta = np.ones(_WIDTH, np.float32), _zeros(_WIDTH)


def _linear(linear, *shape):
    linear.weight, linear.bias = _zeros(*shape), _zeros(shape[0])


def _zeros(*shape):
    return np.zeros(shape, np.float32)
