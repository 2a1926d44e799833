package dev.octroi.usage.file;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** The rows of a file, whether it is packed ({@code .csv.gz}, RFC 1952) or not. */
final class UsageContent {
    /** Text of records packs to a tenth or so; what grows more than this is no usage file. */
    static final int MAX_RATIO = 200;

    /** Below this the ratio says nothing. */
    static final long FREE_BYTES = 8L << 20;

    private static final String PACKED = ".gz";
    private static final int BUFFER_BYTES = 64 * 1_024;

    private UsageContent() {}

    /** Whether a name is that of a usage file. */
    static boolean isNamed(String name) {
        return unpacked(name.toLowerCase(Locale.ROOT)).endsWith(".csv");
    }

    /** The name without what says that it is packed: a file has the same rows either way. */
    static String unpacked(String name) {
        return name.toLowerCase(Locale.ROOT).endsWith(PACKED)
                ? name.substring(0, name.length() - PACKED.length())
                : name;
    }

    /**
     * Opens a file.
     *
     * @param maxBytes more than so much, unpacked, fails with {@link TooLargeException}
     * @return fails with {@link java.io.EOFException} where a packed file ends in the middle, and with {@link ZipException}
     *     where it is damaged
     */
    static InputStream open(Path file, long maxBytes) throws IOException {
        InputStream in = Files.newInputStream(file);
        if (!String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT).endsWith(PACKED)) {
            return in;
        }
        try {
            long most = Math.min(maxBytes, Math.max(FREE_BYTES, Files.size(file) * MAX_RATIO));
            return new Bounded(new Packed(in), most);
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    /** A packed file is larger than a usage file may be once it is unpacked. */
    static final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1L;

        TooLargeException(long maxBytes) {
            super("The file unpacks to more than " + maxBytes + " bytes.");
        }
    }

    /** Says so where something follows that is no member of the file: the JDK's own passes over it. */
    private static final class Packed extends GZIPInputStream {
        Packed(InputStream in) throws IOException {
            super(in, BUFFER_BYTES);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, length);
            // A trailer has eight bytes; what is behind it in the buffer was no header.
            if (read < 0 && (inf.getRemaining() > 8 || in.read() >= 0)) {
                throw new ZipException("bytes follow that are no packed data");
            }
            return read;
        }
    }

    private static final class Bounded extends FilterInputStream {
        private final long maxBytes;
        private long seen;

        Bounded(InputStream in, long maxBytes) {
            super(in);
            this.maxBytes = maxBytes;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, length);
            seen += Math.max(0, read);
            if (seen > maxBytes) {
                throw new TooLargeException(maxBytes);
            }
            return read;
        }
    }
}
