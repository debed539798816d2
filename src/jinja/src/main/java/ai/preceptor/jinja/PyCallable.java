package ai.preceptor.jinja;

/** What can be called: functions, methods, macros. */
@FunctionalInterface
interface PyCallable {
    /** @throws EvaluationError on arguments it does not take */
    Object call(Rendering rendering, Arguments arguments);
}
