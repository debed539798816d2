/**
 * PyTorch: one {@link ai.preceptor.lm.torch.Torch} per device, tensors owned by {@link
 * ai.preceptor.lm.torch.Scope}s, and the TorchScript {@link ai.preceptor.lm.torch.Kernels} that do all tensor work.
 *
 * <p>Takes arrays and file bytes, gives tensors and kernel results. What holds tensors longer than a method is made by {@link
 * ai.preceptor.lm.torch.Torch#owning}, so that nothing stays where making it throws. Everything above computes by calling kernels; nothing
 * above uses DJL's autograd, because every kernel has a hand-written derivative beside it.
 */
@NullMarked
package ai.preceptor.lm.torch;

import org.jspecify.annotations.NullMarked;
