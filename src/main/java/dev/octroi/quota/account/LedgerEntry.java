package dev.octroi.quota.account;

import java.time.Instant;
import java.time.LocalDate;

/**
 * One row of the ledger: a record that was counted, and what it cost. Every volume and every charge that people see is a
 * sum of these.
 *
 * @param day UTC day of the record's end, the ledger's partition
 * @param source the feed
 * @param key the record's identity within the feed
 * @param bytes what it added
 * @param upBytes part of it sent by the device
 * @param downBytes part of it received by the device
 * @param chargedBytes part of it that was charged
 * @param chargedMinor the amount, in minor units of the plan's currency
 * @param eventAt the record's end
 * @param receivedAt when it arrived
 * @param zone zone id or country code
 * @param category traffic category, a feed's word
 * @param plmn visited network
 */
public record LedgerEntry(
        LocalDate day,
        String source,
        String key,
        long bytes,
        long upBytes,
        long downBytes,
        long chargedBytes,
        long chargedMinor,
        Instant eventAt,
        Instant receivedAt,
        String zone,
        String category,
        String plmn) {}
