"""The network: a multilingual encoder and the heads that read alliances off it. Needs torch (extra ``train``).

One forward pass reads one window (``windows.py``). Its entities and sentences come in as masks over its tokens; out
come logits for each pair of entities (are they partners of one alliance, and what is coded of it; an entity paired
with itself: is it the only partner named), for each entity (is it the joint entity), for each sentence (is it
evidence) and for the window (an alliance, or what it is instead).

References
----------
Wang et al. (2024). Multilingual E5 text embeddings. arXiv:2402.05672 (the encoder's starting weights, MIT).
Zhou et al. (2021). Document-level relation extraction with adaptive thresholding and localized context pooling.
AAAI (the context that a pair of entities shares).
"""

import math

import torch
from torch import nn
from torch.nn import functional

from entente.codebook import codes

WIDTH, HEADS, INNER, POSITIONS = 384, 12, 1536, 512
PAIR = 128  # width of what a pair of entities looks at

# What a pair's logits are, in this order; the first says whether there is an alliance.
PAIR_OUTPUTS = (
    ("alliance", "yes"),
    *((name, code) for name in ("form", "status", "value_chain", "function") for code in codes(name)),
)
WINDOW_OUTPUTS = ("alliance", *codes("non_alliance"))


def outputs(attribute):
    """Return the slice of a pair's logits that belongs to *attribute*."""
    places = [i for i, (name, _) in enumerate(PAIR_OUTPUTS) if name == attribute]
    return slice(places[0], places[-1] + 1)


class Block(nn.Module):
    """One transformer layer of BERT: attention, then two dense layers, each added and normalised."""

    def __init__(self, dropout):
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.attended = nn.Linear(WIDTH, WIDTH)
        self.first_norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.inner = nn.Linear(WIDTH, INNER)
        self.outer = nn.Linear(INNER, WIDTH)
        self.second_norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, bias):
        """Return the layer's output for *x* (batch, tokens, WIDTH); *bias* is -1e4 where there is no token."""
        batch, tokens, _ = x.shape
        q, k, v = self.qkv(x).view(batch, tokens, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        with torch.autocast("cpu", enabled=False):  # the widest arrays: half as wide, if the rest is
            weights = torch.softmax(q * (WIDTH // HEADS) ** -0.5 @ k.transpose(-1, -2) + bias.to(q.dtype), -1)
            seen = (weights @ v).transpose(1, 2).reshape(batch, tokens, WIDTH)
        x = self.first_norm(x + self.dropout(self.attended(seen)))
        return self.second_norm(x + self.dropout(self.outer(functional.gelu(self.inner(x)))))


class Network(nn.Module):
    """Encoder and heads.

    Parameters
    ----------
    vocabulary : int
        Number of tokens.
    layers : int
        Number of transformer layers.
    kinds : int
        Number of kinds of token (0: plain; others: candidate name, phrases of the lexicon).
    """

    def __init__(self, vocabulary, layers, kinds, dropout=0.1):
        super().__init__()
        self.words = nn.Embedding(vocabulary, WIDTH)
        self.positions = nn.Embedding(POSITIONS, WIDTH)
        self.kinds = nn.Embedding(kinds, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.blocks = nn.ModuleList(Block(dropout) for _ in range(layers))
        self.dropout = nn.Dropout(dropout)
        self.salience = nn.Linear(WIDTH, 1)
        self.query, self.key, self.value = (nn.Linear(WIDTH, PAIR) for _ in range(3))
        self.entity = nn.Linear(WIDTH + PAIR, WIDTH)
        self.named = nn.Linear(WIDTH, 2)
        self.left, self.right = nn.Linear(WIDTH, PAIR), nn.Linear(WIDTH, PAIR)
        self.whole = nn.Linear(WIDTH, PAIR)
        self.alone = nn.Parameter(torch.zeros(PAIR))
        self.mixed = nn.Linear(3 * PAIR, 2 * PAIR)
        self.shared = nn.Parameter(torch.zeros(2 * PAIR, PAIR))
        self.pair = nn.Linear(2 * PAIR, len(PAIR_OUTPUTS))
        self.sentence = nn.Linear(WIDTH, 1)
        self.window = nn.Linear(WIDTH, len(WINDOW_OUTPUTS))

    def encode(self, ids, kinds, present):
        """Return the tokens' states (batch, tokens, WIDTH)."""
        x = self.words(ids) + self.positions.weight[: ids.shape[1]] + self.kinds(kinds)
        x = self.dropout(self.norm(x))
        bias = ((1 - present) * -1e4)[:, None, None, :]
        for block in self.blocks:
            x = block(x, bias)
        return x

    def forward(self, ids, kinds, present, entities, sentences):
        """Return the logits of a batch of windows.

        Parameters
        ----------
        ids, kinds : (batch, tokens) int64
        present : (batch, tokens) float
            1 where there is a token, 0 where there is padding.
        entities : (batch, entities, tokens) float
            1 on an entity's tokens.
        sentences : (batch, sentences, tokens) float
            Weights that add up to 1 over a sentence's tokens.

        Returns
        -------
        tuple
            pairs (batch, entities, entities, outputs), entities (batch, entities, 2: partner, venture), sentences
            (batch, sentences), windows (batch, outputs).
        """
        states = self.encode(ids, kinds, present)
        salience = self.salience(states).transpose(1, 2) + (1 - entities) * -1e4
        named = torch.softmax(salience, -1) @ states
        reach = self.query(named) @ self.key(states).transpose(1, 2) / math.sqrt(PAIR)
        reach = reach + (1 - present)[:, None] * -1e4
        values = self.value(states)
        context = torch.softmax(reach, -1) @ values
        # Where both look, the text speaks of the two of them.
        shared = torch.softmax(reach[:, :, None] + reach[:, None], -1) @ values[:, None]
        entity = self.dropout(functional.gelu(self.entity(torch.cat([named, context], -1))))
        traits = self.named(entity)
        window = self.window(self.dropout(states[:, 0]))

        left, right = self.left(entity), self.right(entity)
        itself = torch.eye(entities.shape[1], dtype=states.dtype, device=states.device)[None, :, :, None]
        both = left[:, :, None] + left[:, None] + itself * self.alone
        spread = self.whole(states[:, 0])[:, None, None].expand_as(both)
        mixed = self.mixed(torch.cat([both, right[:, :, None] * right[:, None], spread], -1))
        mixed = functional.gelu(mixed + functional.linear(shared, self.shared))
        pairs = self.pair(self.dropout(mixed))
        # Two are allied if each is a partner of something, the window reports an alliance, and nothing parts the two.
        partner = traits[..., 0]
        reports = window[:, 0] - torch.logsumexp(window[:, 1:], -1)
        allied = pairs[..., 0] + partner[:, :, None] + partner[:, None] + reports[:, None, None]
        return (
            torch.cat([allied[..., None], pairs[..., 1:]], -1),
            traits,
            self.sentence(self.dropout(sentences @ states))[..., 0],
            window,
        )


def started(base, keep, layers, kinds, dropout=0.1):
    """Return a Network whose encoder has the weights of BERT.

    Parameters
    ----------
    base : dict of str to Tensor
        Hugging Face's names of BertModel's weights.
    keep : list of int
        The base's tokens that the vocabulary keeps, in its order.
    layers : list of int
        The base's layers that are kept.
    """
    network = Network(len(keep), len(layers), kinds, dropout)
    with torch.no_grad():
        network.words.weight.copy_(base["embeddings.word_embeddings.weight"][torch.as_tensor(keep)])
        network.positions.weight.copy_(base["embeddings.position_embeddings.weight"])
        network.kinds.weight.normal_(0, 0.01)
        network.kinds.weight[0] = 0
        network.kinds.weight += base["embeddings.token_type_embeddings.weight"][0]
        network.norm.weight.copy_(base["embeddings.LayerNorm.weight"])
        network.norm.bias.copy_(base["embeddings.LayerNorm.bias"])
        for block, number in zip(network.blocks, layers, strict=True):
            name = f"encoder.layer.{number}."
            for kind in ("weight", "bias"):
                parts = [base[f"{name}attention.self.{part}.{kind}"] for part in ("query", "key", "value")]
                getattr(block.qkv, kind).copy_(torch.cat(parts))
                getattr(block.attended, kind).copy_(base[f"{name}attention.output.dense.{kind}"])
                getattr(block.first_norm, kind).copy_(base[f"{name}attention.output.LayerNorm.{kind}"])
                getattr(block.inner, kind).copy_(base[f"{name}intermediate.dense.{kind}"])
                getattr(block.outer, kind).copy_(base[f"{name}output.dense.{kind}"])
                getattr(block.second_norm, kind).copy_(base[f"{name}output.LayerNorm.{kind}"])
    return network
