package dev.octroi.secret;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files that are there whole or not at all, also after a full disk or a power cut, whoever reads or writes them meanwhile. */
public final class WholeFile {
    private static final FileAttribute<Set<PosixFilePermission>> OWNER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final Set<PosixFilePermission> READABLE = PosixFilePermissions.fromString("rw-r--r--");

    private WholeFile() {}

    /** Puts a file that only its owner may read in the place of what was there, if anything was. */
    public static void replace(Path file, byte[] content) throws IOException {
        move(draft(folderOf(file), content), file);
    }

    /** The same of a file that everyone may read. */
    public static void replaceReadable(Path file, byte[] content) throws IOException {
        Path draft = draft(folderOf(file), content);
        Files.setPosixFilePermissions(draft, READABLE);
        move(draft, file);
    }

    /** A file of its owner's under a name of its own, which whoever asked for it moves or removes. */
    static Path draft(Path folder, byte[] content) throws IOException {
        Path draft = Files.createTempFile(folder, "new", ".draft", OWNER);
        try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        } catch (IOException e) {
            Files.deleteIfExists(draft);
            throw e;
        }
        return draft;
    }

    private static void move(Path draft, Path file) throws IOException {
        try {
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static Path folderOf(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IllegalArgumentException("a file lies in a folder");
        }
        return folder;
    }
}
