package io.github.captchacallback.samples.simulator;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Simulates a CAPTCHA-solving service: {@code in.php}, {@code res.php} and a real pingback over HTTP.
 *
 * <p>Any key that is not empty is good, every task is solved, and the answer means nothing. Further parameters of
 * {@code in.php} choose how a task ends and how its pingback behaves; one that is absent or empty takes its default:
 *
 * <table>
 * <caption>Parameters that steer the simulation, the default of each first</caption>
 * <tr><th>parameter</th><th>value</th><th>meaning</th></tr>
 * <tr><td>{@code sim_deliver}</td><td>{@code normal}</td>
 *     <td>one pingback, {@code sim_delay} after {@code in.php} has answered</td></tr>
 * <tr><td></td><td>{@code never}</td><td>none, {@code res.php} alone has the answer</td></tr>
 * <tr><td></td><td>{@code twice}</td><td>the same pingback two times, one after the other</td></tr>
 * <tr><td></td><td>{@code early}</td>
 *     <td>at once, whatever {@code sim_delay} is, and ended before {@code in.php} answers</td></tr>
 * <tr><td></td><td>{@code glued}</td>
 *     <td>{@code ?id=...&code=...} put behind the URL even where it has a query; a form leaves it alone</td></tr>
 * <tr><td></td><td>{@code first-param}</td><td>of the URL's query only the first parameter is kept</td></tr>
 * <tr><td>{@code sim_method}</td><td>{@code get}</td>
 *     <td>{@code id} and {@code code} join the URL's query, as CaptchaAI does it</td></tr>
 * <tr><td></td><td>{@code post}</td><td>they are a form, and the URL's query is kept, as 2captcha does it</td></tr>
 * <tr><td>{@code sim_outcome}</td><td>{@code solved}</td><td>there is a code</td></tr>
 * <tr><td></td><td>{@code unsolvable}</td><td>the code delivered is {@code ERROR_CAPTCHA_UNSOLVABLE}</td></tr>
 * <tr><td>{@code sim_delay}</td><td>{@code 500}</td>
 *     <td>milliseconds until the task is solved, up to 600000</td></tr>
 * <tr><td>{@code sim_code}</td><td>random, in the manner of reCAPTCHA</td>
 *     <td>the code to deliver, up to 20000 characters</td></tr>
 * </table>
 *
 * <p>The last 10,000 tasks and deliveries are remembered. Instances are safe for use by many threads.
 *
 * <p><em>Security notes:</em> it listens on the loopback interface only, and calls loopback hosts only, following no
 * redirect. It guards nothing else: any program on the machine may use it, a browser included. Not for production.
 */
public final class CaptchaSimulator implements AutoCloseable {

    private static final String HOST = "127.0.0.1";
    private static final int DEFAULT_PORT = 8090;
    private static final int REQUEST_THREADS = 16;

    private final HttpServer server;
    private final ExecutorService requests;
    private final Courier courier;
    private final DeliveryLog log;
    private final AtomicBoolean closed = new AtomicBoolean();

    private CaptchaSimulator(HttpServer server, Consumer<Delivery> observer) {
        this.server = server;
        this.log = new DeliveryLog(observer);
        this.courier = new Courier(log::add);
        this.requests = Executors.newFixedThreadPool(REQUEST_THREADS, DaemonThreads.named("simulator-request"));
    }

    /**
     * Starts a simulator on the loopback interface.
     *
     * @param port the port to listen on, or 0 for any free one
     * @return the running simulator, to be closed by the caller
     * @throws IllegalArgumentException if the port is outside 0 to 65535
     * @throws UncheckedIOException if it cannot listen there, mostly because the port is taken
     */
    public static CaptchaSimulator start(int port) {
        return start(port, delivery -> {});
    }

    private static CaptchaSimulator start(int port, Consumer<Delivery> observer) {
        HttpServer server;
        try {
            server = HttpServer.create(
                    new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot listen on " + HOST + ":" + port + ": " + e.getMessage(), e);
        }
        CaptchaSimulator simulator = new CaptchaSimulator(server, observer);
        server.createContext("/", new Endpoints(new Tasks(), simulator.courier));
        server.setExecutor(simulator.requests);
        server.start();
        return simulator;
    }

    /**
     * Returns the port it listens on.
     *
     * @return the port, never 0
     */
    public int port() {
        return server.getAddress().getPort();
    }

    /**
     * Returns the address it listens on, to be resolved against {@code /in.php} and {@code /res.php}.
     *
     * @return a URI such as {@code http://127.0.0.1:8090}, without a path
     */
    public URI baseUri() {
        return URI.create("http://" + HOST + ":" + port());
    }

    /**
     * Returns the pingbacks that have ended, answered or not.
     *
     * @return the deliveries of all tasks, oldest first
     */
    public List<Delivery> deliveries() {
        return log.all();
    }

    /**
     * Returns the pingbacks of one task that have ended, answered or not.
     *
     * @param taskId what {@code in.php} answered
     * @return the deliveries of the task, oldest first
     */
    public List<Delivery> deliveries(String taskId) {
        return log.of(taskId);
    }

    /**
     * Waits until a pingback of one task has ended.
     *
     * @param taskId what {@code in.php} answered
     * @param timeout how long to wait at most
     * @return the first delivery of the task, answered or not
     * @throws TimeoutException if there is none by then
     * @throws InterruptedException if the waiting thread is interrupted
     */
    public Delivery awaitDelivery(String taskId, Duration timeout) throws InterruptedException, TimeoutException {
        return awaitDeliveries(taskId, 1, timeout).get(0);
    }

    /**
     * Waits until some pingbacks of one task have ended.
     *
     * @param taskId what {@code in.php} answered
     * @param count how many deliveries to wait for, at least 1
     * @param timeout how long to wait at most
     * @return the deliveries of the task, at least {@code count}, oldest first
     * @throws TimeoutException if there are fewer by then
     * @throws InterruptedException if the waiting thread is interrupted
     */
    public List<Delivery> awaitDeliveries(String taskId, int count, Duration timeout)
            throws InterruptedException, TimeoutException {
        return log.await(taskId, count, timeout);
    }

    /** Stops listening, and drops the pingbacks that have not ended. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            server.stop(0);
            requests.shutdownNow();
            courier.close();
        }
    }

    /**
     * Runs a simulator until the process is killed, and prints every delivery.
     *
     * @param args nothing, or the port to listen on (default 8090, 0 for any free one)
     */
    public static void main(String[] args) {
        try {
            int port = args.length == 0 ? DEFAULT_PORT : Integer.parseInt(args[0]);
            CaptchaSimulator simulator = start(port, System.out::println);
            System.out.println(Usage.of(simulator.baseUri()));
        } catch (IllegalArgumentException e) {
            System.err.println(
                    "Usage: java -jar captchaai-simulator.jar [port, 0 to 65535, default " + DEFAULT_PORT + "]");
            System.exit(2);
        } catch (UncheckedIOException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }
}
