package dev.octroi.smdp;

/** The SM-DP+ within the process. */
class BuiltInDriverTest extends SmDpPlusContract {
    @Override
    SmDpPlus driver() {
        return new BuiltInDriver(server.orders, server.smdpAddress);
    }
}
