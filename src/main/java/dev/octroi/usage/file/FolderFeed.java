package dev.octroi.usage.file;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.octroi.usage.FeedTerms;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A folder into which a partner's files are put.
 *
 * @param terms whose they are
 * @param folder where they arrive; files that are done with are moved into folders below it
 * @param numbered whether names end with the sender's running number
 * @param needsEnd whether a file without a last line {@code #end,ROWS} is not complete
 */
public record FolderFeed(FeedTerms terms, Path folder, boolean numbered, boolean needsEnd) {
    /** Most folders of one gateway. */
    public static final int MAX_FOLDERS = 64;

    private static final List<String> FLAGS = List.of("numbered", "endMark");
    private static final Set<String> MEMBERS = Set.of("folder", "numbered", "endMark");

    public FolderFeed {
        requireNonNull(terms, "terms is null");
        requireNonNull(folder, "folder is null");
    }

    /**
     * Reads a YAML file: a list {@code folders} of name, folder and optionally tenant, imsiPrefixes, numbered, endMark.
     *
     * @throws IOException when it cannot be read or holds something else; the message says what
     */
    public static List<FolderFeed> read(Path file) throws IOException {
        JsonNode list = new YAMLMapper().readTree(file.toFile()).path("folders");
        if (!list.isArray() || list.size() > MAX_FOLDERS) {
            throw new IOException("the file of folders wants a list \"folders\" of at most " + MAX_FOLDERS);
        }
        List<FolderFeed> feeds = new ArrayList<>();
        Set<Object> own = new HashSet<>();
        for (JsonNode each : list) {
            String folder = each.path("folder").asText();
            if (folder.isBlank()) {
                throw new IOException("a feed of files wants a folder");
            }
            for (String flag : FLAGS) {
                if (each.has(flag) && !each.get(flag).isBoolean()) {
                    throw new IOException("a feed's " + flag + " is true or false");
                }
            }
            FolderFeed feed = new FolderFeed(
                    FeedTerms.read(each, MEMBERS),
                    Path.of(folder).toAbsolutePath().normalize(),
                    each.path("numbered").asBoolean(false),
                    each.path("endMark").asBoolean(false));
            if (!own.add(feed.folder()) || !own.add(feed.terms().name())) {
                throw new IOException("two feeds share a folder or a name");
            }
            feeds.add(feed);
        }
        return List.copyOf(feeds);
    }
}
