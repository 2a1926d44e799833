package dev.octroi.usage.file;

import dev.octroi.usage.Fault;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * The report of rows that were rejected: line, reason, detail, and the row as it was given. It names subscribers as the file
 * itself does, so only its owner may read it. Written beside its final name and moved there at the end; without a rejected
 * row there is no report.
 */
final class RejectedRows implements Closeable {
    private static final String HEADER = "line,reason,detail,row\n";

    private final Path report;
    private final Path part;
    private @Nullable BufferedWriter out;

    RejectedRows(Path report) {
        this.report = report;
        this.part = report.resolveSibling(report.getFileName() + ".part");
    }

    void add(UsageRow row, Fault fault, String detail) throws IOException {
        BufferedWriter writer = out;
        if (writer == null) {
            writer = open();
            out = writer;
        }
        writer.write(row.line() + "," + fault.word() + "," + quoted(detail) + "," + quoted(row.text()) + "\n");
    }

    /** Puts the report into its place. */
    void finish() throws IOException {
        close();
        if (out != null) {
            Files.move(part, report, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @Override
    public void close() throws IOException {
        if (out != null) {
            out.close();
        }
    }

    private BufferedWriter open() throws IOException {
        // What an import that broke off has left is its own, but created anew it surely has these permissions.
        Files.deleteIfExists(part);
        Files.createFile(part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        BufferedWriter writer = Files.newBufferedWriter(part, StandardCharsets.UTF_8, StandardOpenOption.WRITE);
        writer.write(HEADER);
        return writer;
    }

    private static String quoted(String cell) {
        return '"' + cell.replace("\"", "\"\"") + '"';
    }
}
