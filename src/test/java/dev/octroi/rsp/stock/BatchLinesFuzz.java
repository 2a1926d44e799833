package dev.octroi.rsp.stock;

import dev.octroi.fuzz.FuzzTarget;
import dev.octroi.rsp.type.StoredType.Facts;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Batches of subscribers, with keys in clear and under a transport key: a bad line is a bad line, whatever it holds. */
public final class BatchLinesFuzz implements FuzzTarget {
    private static final int CHUNK = 16;
    private static final Facts FACTS = new Facts("2.3", "fuzz", 1, 1, "00", 16, 16, 15);
    private static final Facts WITHOUT_OPC = new Facts("2.3", "fuzz", 1, 1, "00", 32, 0, 0);

    @Override
    public void feed(byte[] input) throws IOException {
        String text = new String(input, StandardCharsets.UTF_8);
        read(text, FACTS, null);
        read(text, WITHOUT_OPC, new TransportKey(new SecretKeySpec(new byte[16], "AES")));
    }

    private static void read(String text, Facts facts, @Nullable TransportKey key) throws IOException {
        BatchLines lines = new BatchLines(new StringReader(text));
        if (lines.open().isPresent()) {
            return;
        }
        int last = 1;
        List<BatchLine> read;
        do {
            read = lines.next(CHUNK, facts, key);
            for (BatchLine line : read) {
                if (line.number() <= last) {
                    throw new IllegalStateException("line " + line.number() + " after line " + last);
                }
                last = line.number();
            }
        } while (!read.isEmpty());
    }

    @Override
    public List<byte[]> seeds() {
        String k = "000102030405060708090a0b0c0d0e0f";
        return List.of(
                csv("iccid,imsi,k,opc\n8933012345678901238,208011234567890," + k + "," + k + "\n"),
                csv(
                        "\uFEFFICCID, IMSI ,K,OPC,matching_id,confirmation-code,eid,puk,adm,profileName,serviceProviderName\r\n"
                                + "893301234567890123F,208011234567890," + k + "," + k
                                + ",ABC-1,1234,89049032000000000000000000000012,12345678,0123456789abcdef,\"A \"\"B\"\", C\",Mobile\r\n"
                                + "\r\n8933012345678901246,208011234567891," + k + "," + k + ",,,,,87654321,,"),
                csv("imsi,k,iccid\n20801123456789," + k + k + ",8933012345678901238\n\"unclosed,1,2\n1,2,3,4\n"));
    }

    private static byte[] csv(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
