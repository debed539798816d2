/**
 * Chat templates: the part of Jinja that Hugging Face chat templates are written in, with Python's semantics.
 *
 * <p><b>Takes</b> a template's source, messages, and variables such as {@code tools} or {@code bos_token}.
 * <b>Gives</b> the prompt text, and where in it the assistant speaks ({@code {% generation %}}).
 * <b>Leaves to others</b>: reading templates from model directories and turning text into tokens.
 *
 * <p>A template comes from whoever published the model, so it is treated as hostile: it sees plain values only, can
 * change none of them, and runs under {@link ai.preceptor.jinja.Limits}. Text inside messages is data and never
 * evaluated.
 *
 * <p>Reading order: {@link ai.preceptor.jinja.ChatTemplate}; then {@code Lexer}, {@code StatementParser} and
 * {@code ExpressionParser}; then {@code Statement} and {@code Expr} with their implementations; then the values
 * ({@code Types}, {@code Comparison}, {@code Arithmetic}, {@code Access}), and last the tables of filters, tests and
 * methods.
 */
@NullMarked
package ai.preceptor.jinja;

import org.jspecify.annotations.NullMarked;
