/**
 * Chat templates: the part of Jinja that Hugging Face chat templates are written in, with Python's semantics.
 *
 * <p><b>Takes</b> a template's source, messages, and variables such as {@code tools} or {@code bos_token}.
 * <b>Gives</b> the prompt text, and where in it the assistant speaks ({@code {% generation %}}).
 * <b>Leaves to others</b>: reading templates from model directories and turning text into tokens.
 *
 * <p>A template comes from whoever published the model, so it is treated as hostile: it sees plain values only, can
 * change none of them, and runs under {@link ai.preceptor.jinja.value.Limits}. Text inside messages is data and never
 * evaluated.
 *
 * <p>Users need {@link ai.preceptor.jinja.ChatTemplate} only. Reading order: this package, which has the lexer and the
 * parser ({@code Lexer}, {@code StatementParser}, {@code ExpressionParser}); {@code tree}, the syntax tree; then
 * {@code value}, {@code builtin} and {@code filter}.
 */
@NullMarked
package ai.preceptor.jinja;

import org.jspecify.annotations.NullMarked;
