package io.github.captchacallback.samples.simulator;

/** Pairs an order with the id it was given and the {@link System#nanoTime()} at which it is solved. */
record Task(String id, Order order, long solvedAt) {

    Reply result(boolean withPrice) {
        if (solvedAt - System.nanoTime() > 0) {
            return Reply.error("CAPCHA_NOT_READY");
        }
        if (order.outcome() == Outcome.UNSOLVABLE) {
            return Reply.error(order.code());
        }
        return withPrice ? Reply.solvedWithPrice(order.code()) : Reply.ok(order.code());
    }
}
