package dev.octroi.rsp.euicc;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keeps two processes from using one card at once, as two phones cannot. The lock goes with its process. */
public final class CardLock implements AutoCloseable {
    private final FileChannel channel;

    private CardLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Locks the card in a file, by a file beside it that ends with {@code .lock}.
     *
     * @throws IOException at once when another process has it
     */
    public static CardLock of(Path card) throws IOException {
        Path file = card.toAbsolutePath().resolveSibling(card.getFileName() + ".lock");
        FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        @Nullable FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException inThisProcess) {
            lock = null;
        }
        if (lock == null) {
            channel.close();
            throw new IOException("the card in %s is in use by another command".formatted(card));
        }
        return new CardLock(channel);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
