package ai.preceptor.teacher.selection;

/**
 * Where an answer is, so that rows made of many need not be in memory.
 *
 * @param group place of its prompt
 * @param answer its place among the answers to it
 */
record AnswerPlace(int group, int answer) {}
