package dev.octroi.cli.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.octroi.cli.demo.ApiClient;
import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.smdp.NumberRange;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** An operator's profiles: one type with a large package, and batches of subscribers that can be downloaded at once. */
final class BenchStock {
    private static final HexFormat HEX = HexFormat.of();
    /** Behind the numbers that the built-in SM-DP+ gives. */
    private static final long FIRST_NUMBER = 5_000_000_000L;

    private static final NumberRange NUMBERS = NumberRange.test();
    private static final String NAME = "bench-operator";

    private final BenchShop shop;
    private final String type;
    private final String address;
    private final SecureRandom random = new SecureRandom();
    private long last = FIRST_NUMBER;
    private int batches;

    /**
     * Registers the type.
     *
     * @param address as activation codes carry it
     * @param protection {@code session-keys} or {@code ppk}
     */
    BenchStock(BenchShop shop, String address, int profileBytes, String protection)
            throws IOException, MalformedTlvException {
        this.shop = shop;
        this.address = address;
        byte[] content = BenchPackage.of(profileBytes, NUMBERS.home(), random);
        ObjectNode wanted = ApiClient.JSON
                .createObjectNode()
                .put("name", NAME)
                .put("serviceProviderName", "Operator")
                .put("profileName", "Operator travel")
                .put("protection", protection)
                .put("package", Base64.getEncoder().encodeToString(content));
        wanted.set(
                "owner",
                ApiClient.JSON
                        .createObjectNode()
                        .put("plmn", NUMBERS.home().mcc() + "-" + NUMBERS.home().mnc()));
        shop.create(0, shop.adminPath() + "/profile-types", wanted);
        this.type = shop.adminPath() + "/profile-types/" + NAME;
    }

    /** Imports and releases new profiles, at most 20,000; gives their activation codes. */
    List<String> release(int count) throws IOException {
        StringBuilder rows = new StringBuilder("iccid,imsi,k,opc,matchingId\n");
        List<String> codes = new ArrayList<>(count);
        byte[] key = new byte[16];
        for (int i = 0; i < count; i++) {
            long number = ++last;
            String matchingId = "BENCH-" + number;
            rows.append(NUMBERS.iccid(number).digits())
                    .append(',')
                    .append(NUMBERS.imsi(number - FIRST_NUMBER).digits());
            for (int keys = 0; keys < 2; keys++) {
                random.nextBytes(key);
                rows.append(',').append(HEX.formatHex(key));
            }
            rows.append(',').append(matchingId).append('\n');
            codes.add("1$" + address + "$" + matchingId);
        }
        ApiClient.Answer answer = shop.as(0)
                .send("PUT", type + "/batches/bench-" + ++batches, "text/csv", rows.toString(), Map.of())
                .expect(200);
        if (answer.json().get("imported").asInt() != count) {
            throw new IOException("not all profiles were imported: " + answer.json());
        }
        return codes;
    }
}
