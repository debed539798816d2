package ai.preceptor.data.setting;

/** An enum whose constants have names of their own in configurations, such as {@code k3+}, which no Java name can be. */
public interface NamedChoice {
    /** The constant's name in configurations; unique in its enum. */
    String choiceName();
}
