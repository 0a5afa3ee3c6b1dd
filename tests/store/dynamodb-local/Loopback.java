import com.amazonaws.services.dynamodbv2.local.server.LocalDynamoDBRequestHandler;
import com.amazonaws.services.dynamodbv2.local.server.LocalDynamoDBServerHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.eclipse.jetty.server.Server;

/** DynamoDB Local in memory, on this machine's own address only: its runner listens on all. */
class Loopback {
    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[0]);
        var tables = new LocalDynamoDBRequestHandler(0, true, null, false, false);
        var server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        server.setHandler(new LocalDynamoDBServerHandler(tables, null));
        server.start();
        server.join();
    }
}
