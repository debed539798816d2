package ai.preceptor.formats.family;

/** RMSNorm before each block, rotary positions, grouped queries, a gated feed-forward block. */
final class Llama extends Family {}
