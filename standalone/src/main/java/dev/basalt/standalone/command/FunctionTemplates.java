package dev.basalt.standalone.command;

import dev.basalt.standalone.command.PlatformClient.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What {@code functions new} writes: the least that answers. */
final class FunctionTemplates {
    private static final String TYPES = "basalt.d.ts";

    private FunctionTemplates() {}

    static void write(Path directory, String runtime) throws IOException, Refused {
        if (Files.exists(directory)) {
            throw new Refused(directory + " is already there");
        }
        var name = directory.getFileName().toString();
        var files = files(name, runtime);
        Files.createDirectories(directory);
        for (var file : files.entrySet()) {
            Files.writeString(directory.resolve(file.getKey()), file.getValue());
            System.out.println(directory.resolve(file.getKey()));
        }
    }

    private static Map<String, String> files(String name, String runtime) throws IOException, Refused {
        var files = new LinkedHashMap<String, String>();
        var manifest = "name: " + name + "\nruntime: " + runtime + "\n";
        switch (runtime) {
            case "js" -> {
                files.put("index.ts", """
                        export default {
                          async fetch(request: Request, env: Basalt.Environment, ctx: Basalt.Context): Promise<Response> {
                            const { name = "world" } = request.method === "POST" ? await request.json() : {};
                            console.log("greeting", name);
                            return Response.json({ hello: name, as: ctx.caller.role });
                          },
                        } satisfies Basalt.Handlers;
                        """);
                files.put("tsconfig.json", """
                        {
                          "compilerOptions": {
                            "target": "ES2023",
                            "module": "ESNext",
                            "moduleResolution": "Bundler",
                            "lib": ["ES2023", "WebWorker"],
                            "types": [],
                            "strict": true,
                            "noEmit": true,
                            "allowImportingTsExtensions": true
                          },
                          "include": ["**/*.ts"]
                        }
                        """);
                files.put(TYPES, types());
                manifest +=
                        "timeoutMs: 10000\nmemoryMb: 128\n# What it may connect to: host, host:port or *.host.\negress: []\n";
            }
            case "nodejs" -> {
                files.put("index.mjs", """
                        export const handler = async (event, context) => {
                          console.log("called with", event);
                          return { statusCode: 200, headers: { "content-type": "application/json" }, body: JSON.stringify({ hello: "world" }) };
                        };
                        """);
                manifest += "signature: lambda\nhandler: index.handler\nentrypoint: index.mjs\n";
            }
            case "python" -> {
                files.put("main.py", """
                        import json


                        def handler(event, context):
                            print("called with", event)
                            return {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": json.dumps({"hello": "world"})}
                        """);
                manifest += "signature: lambda\nhandler: main.handler\nentrypoint: main.py\n";
            }
            case "http" -> manifest += "url: https://functions.example.com/" + name + "\n";
            default -> throw new Refused("there is a template for js, nodejs, python and http");
        }
        files.put("basalt.function.yaml", manifest);
        return files;
    }

    /** The types of handlers as they come with this Basalt, so that they fit it. */
    private static String types() throws IOException, Refused {
        var file = System.getProperty("basalt.types");
        if (file == null) {
            throw new Refused("the types of functions are not here: call it by ./basalt");
        }
        return Files.readString(Path.of(file));
    }
}
