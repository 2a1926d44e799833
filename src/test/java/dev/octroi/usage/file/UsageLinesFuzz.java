package dev.octroi.usage.file;

import dev.octroi.fuzz.FuzzTarget;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Files of usage records: a bad row is a bad row, whatever it holds. */
public final class UsageLinesFuzz implements FuzzTarget {
    private static final int CHUNK = 16;

    @Override
    public void feed(byte[] input) throws IOException {
        UsageLines lines = new UsageLines(new ByteArrayInputStream(input));
        try {
            lines.open();
        } catch (RefusedFileException e) {
            return;
        }
        long last = 1;
        for (List<UsageRow> rows = lines.next(CHUNK); !rows.isEmpty(); rows = lines.next(CHUNK)) {
            for (UsageRow row : rows) {
                if (row.line() <= last || row.given().length > UsageLines.MAX_ROW_BYTES + 2) {
                    throw new IllegalStateException("line " + row.line() + " after line " + last);
                }
                last = row.line();
            }
        }
    }

    @Override
    public List<byte[]> seeds() {
        return List.of(
                csv("id,imsi,end,up,down,plmn\nr1,208011234567890,2026-11-01T10:00:00Z,10,20,208-01\n"),
                csv("\uFEFFIMSI, iccid ,end,remaining,total,counterBits,plmn,rat\r\n"
                        + ",8933012345678901238,2026-11-01T10:00:00Z,-5,99999999999999999999,32,208-01,\"N\"\"R\"\r\n"
                        + "# comment\r\n\r\n\"open,1\n1,2,3,4,5,6,7,8,9\n#end,1\n"));
    }

    private static byte[] csv(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
