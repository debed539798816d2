package ai.preceptor.hub;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a repository holds at a commit.
 *
 * @param commit 40 hexadecimal digits
 * @param files paths with slashes; none leads out of a directory
 */
record RepoListing(String commit, List<String> files) {
    /** No control characters, backslashes, or what other systems give a meaning. */
    private static final Pattern SEGMENT = Pattern.compile("[^\\x00-\\x1f\\x7f/\\\\:*?\"<>|]{1,255}");

    private static final int LONGEST = 1024;

    RepoListing {
        files = List.copyOf(files);
    }

    /**
     * Reads the server's answer.
     *
     * @throws HubException if it is none, or a file's path leads out of its directory
     */
    static RepoListing of(HubName name, JsonNode answer) {
        String commit = answer.path("sha").asText();
        JsonNode siblings = answer.path("siblings");
        if (!HubName.isCommit(commit) || !siblings.isArray()) {
            throw new HubException(name.repoAtRevision()
                    + ": the server's answer has no commit or no list of files; is HF_ENDPOINT a Hub?");
        }
        List<String> files = new ArrayList<>();
        for (JsonNode sibling : siblings) {
            String file = sibling.path("rfilename").asText();
            if (!isSafe(file)) {
                throw new HubException(name.repoAtRevision() + ": refused, because it has a file named \"" + shown(file)
                        + "\", which leads out of its directory or cannot be a file here");
            }
            files.add(file);
        }
        return new RepoListing(commit, files);
    }

    /** Whether a path with slashes stays in its directory, on every system. */
    static boolean isSafe(String path) {
        if (path.isEmpty() || path.length() > LONGEST) {
            return false;
        }
        for (String segment : path.split("/", -1)) {
            if (!SEGMENT.matcher(segment).matches() || segment.equals(".") || segment.equals("..")) {
                return false;
            }
        }
        return true;
    }

    private static String shown(String file) {
        String visible = file.replaceAll("[\\x00-\\x1f\\x7f]", "?");
        return visible.length() > 100 ? visible.substring(0, 100) + "..." : visible;
    }
}
