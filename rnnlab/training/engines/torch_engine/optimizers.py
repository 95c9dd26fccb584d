"""The rules of `rnnlab.training.optimizers` on tensors, on all of them at once.

`torch.optim` has the same rules, but its first use loads torch's compiler, which takes as long as
loading torch itself; here somebody waits for a first loss.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor

import rnnlab.training.optimizers as readable


def gradients(tensors: Iterable[Tensor]) -> list[Tensor]:
    """The gradients of tensors that all have one."""
    found = []
    for tensor in tensors:
        assert tensor.grad is not None
        found.append(tensor.grad)
    return found


class TorchOptimizer:
    """Changes tensors in place by their `grad`, which it may change too.

    `readable` is the class in NumPy that says what the rule is, and has its constants.
    """

    readable: type[readable.Optimizer]

    def __init__(self, tensors: Sequence[Tensor], weight_decay: float) -> None:
        self._params = [tensor.detach() for tensor in tensors]  # the same memory
        self._grads = gradients(tensors)
        self._scratch = [torch.empty_like(p) for p in self._params]
        self._weight_decay = weight_decay
        self.count = 0  # updates made
        self.slots = {
            slot: [torch.zeros_like(p) for p in self._params] for slot in self.readable.slot_names
        }

    def step(self, learning_rate: float) -> None:
        """One update of all tensors."""
        self.count += 1
        if self._weight_decay:
            self._decay(learning_rate)
        self._change(learning_rate, *self.slots.values())

    def _decay(self, rate: float) -> None:
        torch._foreach_add_(self._grads, self._params, alpha=self._weight_decay)

    def _change(self, rate: float, *memory: list[Tensor]) -> None:
        raise NotImplementedError

    def _move(
        self, tops: list[Tensor], squares: list[Tensor], share: float, eps: float, rate: float
    ) -> None:
        """params −= rate · tops / (√squares / share + eps)."""
        torch._foreach_copy_(self._scratch, squares)
        torch._foreach_sqrt_(self._scratch)
        if share != 1:
            torch._foreach_div_(self._scratch, share)
        torch._foreach_add_(self._scratch, eps)
        torch._foreach_addcdiv_(self._params, tops, self._scratch, value=-rate)


class SGD(TorchOptimizer):
    readable = readable.SGD

    def _change(self, rate: float, *memory: list[Tensor]) -> None:
        torch._foreach_add_(self._params, self._grads, alpha=-rate)


class RMSprop(TorchOptimizer):
    readable = readable.RMSprop

    def _change(self, rate: float, *memory: list[Tensor]) -> None:
        (squares,), rule = memory, readable.RMSprop
        torch._foreach_mul_(squares, rule.alpha)
        torch._foreach_addcmul_(squares, self._grads, self._grads, value=1 - rule.alpha)
        self._move(self._grads, squares, 1.0, rule.eps, rate)


class Adagrad(TorchOptimizer):
    readable = readable.Adagrad

    def _change(self, rate: float, *memory: list[Tensor]) -> None:
        (total,) = memory
        torch._foreach_addcmul_(total, self._grads, self._grads)
        self._move(self._grads, total, 1.0, readable.Adagrad.eps, rate)


class AdagradRoot(TorchOptimizer):
    readable = readable.AdagradRoot

    def _change(self, rate: float, *memory: list[Tensor]) -> None:
        (total,) = memory
        torch._foreach_addcmul_(total, self._grads, self._grads)
        torch._foreach_copy_(self._scratch, total)
        torch._foreach_add_(self._scratch, readable.AdagradRoot.eps)
        torch._foreach_sqrt_(self._scratch)
        torch._foreach_addcdiv_(self._params, self._grads, self._scratch, value=-rate)


class Adam(TorchOptimizer):
    readable = readable.Adam

    def _change(self, rate: float, *memory: list[Tensor]) -> None:
        (means, squares), rule = memory, readable.Adam
        torch._foreach_lerp_(means, self._grads, 1 - rule.beta1)
        torch._foreach_mul_(squares, rule.beta2)
        torch._foreach_addcmul_(squares, self._grads, self._grads, value=1 - rule.beta2)
        mean_weight = 1 - rule.beta1**self.count
        square_weight = 1 - rule.beta2**self.count
        self._move(means, squares, square_weight**0.5, rule.eps, rate / mean_weight)


class AdamW(Adam):
    readable = readable.AdamW

    def _decay(self, rate: float) -> None:
        torch._foreach_mul_(self._params, 1 - rate * self._weight_decay)


TORCH_OPTIMIZERS: dict[str, type[TorchOptimizer]] = {
    "sgd": SGD,
    "rmsprop": RMSprop,
    "adagrad": Adagrad,
    "adagrad_root": AdagradRoot,
    "adam": Adam,
    "adamw": AdamW,
}
