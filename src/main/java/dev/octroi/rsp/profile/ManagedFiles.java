package dev.octroi.rsp.profile;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Files that a package makes or writes by commands instead of a template (PE-GenericFileManagement, §8.3.6). */
final class ManagedFiles {
    private static final int COMMANDS = 0xA1;
    private static final int PATH = 0x80;
    private static final int CONTENT = 0x81;
    private static final int OFFSET = 0x82;
    private static final int CREATE = 0x62;
    private static final int FILE_ID = 0x83;
    private static final String MASTER_FILE = "3f00";

    private ManagedFiles() {}

    /**
     * A file that was written.
     *
     * @param path file identifiers from the MF on, in hexadecimal
     * @param content where its bytes stand
     */
    record Written(String path, FileContent content) {}

    static List<Written> of(Tlv element) throws MalformedTlvException {
        List<Written> files = new ArrayList<>();
        for (Tlv group : element.require(COMMANDS).children()) {
            String directory = "";
            FileContent current = new FileContent();
            for (Tlv command : group.children()) {
                switch (command.tag()) {
                    case PATH -> {
                        directory = path(command);
                        current = new FileContent();
                        files.add(new Written(directory, current));
                    }
                    case CREATE -> {
                        current = new FileContent();
                        current.describe(command);
                        String name =
                                command.find(FILE_ID).map(ManagedFiles::path).orElse("");
                        files.add(new Written(directory + name, current));
                    }
                    case OFFSET -> current.skip(command);
                    case CONTENT -> current.write(command);
                    default -> {
                        // Nothing that writes.
                    }
                }
            }
        }
        return files;
    }

    private static String path(Tlv value) {
        String path = HexFormat.of().formatHex(value.value());
        return path.startsWith(MASTER_FILE) ? path.substring(MASTER_FILE.length()) : path;
    }
}
