import java.nio.file.*;
import java.util.*;
import java.util.concurrent.CountDownLatch;
import org.opensearch.analysis.common.CommonAnalysisPlugin;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.index.mapper.MapperExtrasPlugin;
import org.opensearch.index.reindex.ReindexPlugin;
import org.opensearch.node.Node;
import org.opensearch.painless.PainlessPlugin;
import org.opensearch.plugins.Plugin;
import org.opensearch.transport.Netty4Plugin;

/**
 * One OpenSearch node out of the Maven artifacts, on loopback, without the security plugin:
 * OpenSearchNode HOME NAME HTTP_PORT TRANSPORT_PORT SEED,SEED,...
 *
 * A full disk of the machine must not make indices read-only: the disk's watermarks are off. Tests that want a
 * read-only index set its block themselves.
 */
public class OpenSearchNode {
    static class PluginNode extends Node {
        PluginNode(Environment environment, Collection<Class<? extends Plugin>> plugins) {
            super(environment, plugins, false);
        }
    }

    public static void main(String[] args) throws Exception {
        Path home = Paths.get(args[0]).toAbsolutePath();
        Files.createDirectories(home.resolve("config"));
        String[] seeds = args[4].split(",");
        List<String> managers = new ArrayList<>();
        for (int i = 1; i <= seeds.length; i++) managers.add("n" + i);
        Settings settings = Settings.builder()
            .put("path.home", home).put("cluster.name", "vanban-cluster").put("node.name", args[1])
            .put("network.host", "127.0.0.1").put("http.port", args[2]).put("transport.port", args[3])
            .putList("discovery.seed_hosts", seeds).putList("cluster.initial_cluster_manager_nodes", managers)
            .put("http.type", "netty4").put("transport.type", "netty4")
            .put("cluster.routing.allocation.disk.threshold_enabled", false)
            .build();
        Node node = new PluginNode(new Environment(settings, home.resolve("config")),
            List.of(CommonAnalysisPlugin.class, Netty4Plugin.class, ReindexPlugin.class,
                    MapperExtrasPlugin.class, PainlessPlugin.class));
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try { node.close(); } catch (Exception e) { e.printStackTrace(); }
            stopped.countDown();
        }));
        node.start();
        stopped.await();
    }
}
