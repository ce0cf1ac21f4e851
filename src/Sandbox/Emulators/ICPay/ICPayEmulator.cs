using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Primitives;

namespace Decent.Sandbox.Emulators.ICPay;

/// <summary>ICPay over HTTP: the endpoints a merchant uses, and control calls for what a renter does.</summary>
internal sealed class ICPayEmulator(
    DocumentLog log, ICPaySettings settings, ICPayShapes shapes, ICPayBook book, WebhookSender sender,
    TimeProvider time,
    string secretKey, string publishableKey)
{
    /// <summary>Adds the endpoints.</summary>
    public void Map(WebApplication app)
    {
        app.Use(AnswerErrorsAsync);
        MapPublic(app.MapGroup("/sdk/public"));
        MapSecret(app.MapGroup("/sdk").AddEndpointFilter(RequireSecretKeyAsync));
        MapControl(app.MapGroup("/control"));
    }

    private void MapPublic(RouteGroupBuilder group)
    {
        group.MapGet("/account", () => Account());
        group.MapGet("/ledgers/verified", () => Ledgers());
        group.MapGet("/ledgers/all-with-prices", () => Ledgers());
        group.MapPost("/payments/intents", CreateIntentAsync);
        group.MapGet("/payments/intents/{id}", (string id) => IntentWithPayment(id));
        group.MapPost("/payments/notify", NotifyAsync);
    }

    private void MapSecret(RouteGroupBuilder group)
    {
        group.MapGet("/account", () => Account());
        group.MapGet("/account/wallet-balances", () => WalletBalances());
        group.MapGet("/ledgers/verified", () => Ledgers());
        group.MapGet("/ledgers/all-with-prices", () => Ledgers());
        group.MapGet("/payments", () => new JsonArray([.. Payments().Select(p => shapes.Aggregate(p, IntentOf(p)))]));
        group.MapGet("/payments/history", (HttpRequest request) => History(request.Query));
        group.MapGet("/payments/{id}", (string id) => log.Find<Payment>(Payment.Collection, id) is { } payment
            ? shapes.Aggregate(payment, IntentOf(payment))
            : throw new ICPayException(404, "Payment not found"));
        group.MapPost("/payments/by-metadata", ByMetadataAsync);
        group.MapGet("/payment-intents/{id}", (string id) => shapes.Intent(FindIntent(id)));
        group.MapGet("/webhook-events/{id}", (string id) => WebhookEvent(id));
    }

    private void MapControl(RouteGroupBuilder group)
    {
        group.MapPost("/intents/{id}/pay", PayAsync);
        group.MapPost("/by-metadata-shape", async (HttpRequest request, CancellationToken cancellationToken) =>
        {
            var shape = Text((await BodyAsync(request, cancellationToken)).GetProperty("shape"));
            log.Write(new Document("settings", "shape", new ShapeChoice(shape!)));
            return Results.NoContent();
        });
        ControlCalls.MapDeliveries(group, log, sender);
    }

    private async Task<JsonNode> CreateIntentAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        RequireAnyKey(request);
        var body = await BodyAsync(request, cancellationToken);
        var recipient = Property(body, "recipientAddresses") is { ValueKind: JsonValueKind.Object } addresses
            ? Text(Property(addresses, "ic"))
            : Text(Property(body, "recipientAddress"));
        var metadata = Property(body, "metadata") is { ValueKind: JsonValueKind.Object } given
            ? given
            : JsonSerializer.SerializeToElement(new JsonObject());
        var intent = await book.CreateAsync(
            new IntentRequest(
                Text(Property(body, "amount")), Text(Property(body, "amountUsd")),
                Text(Property(body, "tokenShortcode")),
                Text(Property(body, "symbol")), Text(Property(body, "ledgerCanisterId")),
                Text(Property(body, "description")), recipient, metadata),
            cancellationToken);
        sender.Wake();
        return new JsonObject { ["paymentIntent"] = shapes.Intent(intent) };
    }

    private async Task<JsonNode> PayAsync(string id, HttpRequest request, CancellationToken cancellationToken)
    {
        var body = request.ContentLength is > 0 ? await BodyAsync(request, cancellationToken) : default;
        BigInteger? units = null;
        if (Text(Property(body, "paidUnits")) is { } text)
        {
            units = BigInteger.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed)
                && parsed > 0
                ? parsed
                : throw new ICPayException(400, "Invalid paidUnits");
        }

        var payment = await book.PayAsync(id, units, Text(Property(body, "key")) ?? "first", cancellationToken);
        sender.Wake();
        return shapes.Aggregate(payment, IntentOf(payment));
    }

    private async Task<JsonNode> NotifyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        RequireAnyKey(request);
        var body = await BodyAsync(request, cancellationToken);
        return IntentWithPayment(Text(Property(body, "paymentIntentId")) ?? string.Empty);
    }

    private async Task<JsonNode> ByMetadataAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var body = await BodyAsync(request, cancellationToken);
        var wanted = Property(body, "metadata");
        if (wanted is not { ValueKind: JsonValueKind.Object } metadata)
        {
            throw new ICPayException(400, "metadata is required");
        }

        var found = Payments()
            .Where(
                p => metadata.EnumerateObject().All(m => Text(Property(IntentOf(p).Metadata, m.Name)) == Text(m.Value)))
            .ToArray();
        var page = Page(request.Query, found, out var limit, out var offset);
        return log.Find<ShapeChoice>("settings", "shape")?.Shape switch
        {
            "array" => new JsonArray([.. page.Select(p => shapes.Payment(p, IntentOf(p)))]),
            "aggregate" => List(page.Select(p => shapes.Aggregate(p, IntentOf(p))), found.Length, limit, offset),
            _ => List(page.Select(p => shapes.Payment(p, IntentOf(p))), found.Length, limit, offset),
        };
    }

    private JsonObject History(IQueryCollection query)
    {
        var from = Instant(query["fromTimestamp"]);
        var to = Instant(query["toTimestamp"]);
        string? ledger = query["ledgerCanisterId"];
        string? status = query["status"];
        if (status is not (null or "pending" or "completed" or "failed"))
        {
            throw new ICPayException(400, "status must be one of pending, completed, failed");
        }

        var found = Payments()
            .Where(p => (from is null || p.CreatedAt >= from) && (to is null || p.CreatedAt <= to))
            .Where(
                p =>
                    (ledger is null || shapes.Ledger(IntentOf(p).Symbol).CanisterId == ledger)
                        && (status is null || p.Status == status))
            .Reverse()
            .ToArray();
        var page = Page(query, found, out var limit, out var offset);
        return List(page.Select(p => shapes.Payment(p, IntentOf(p))), found.Length, limit, offset);
    }

    private JsonObject WalletBalances()
    {
        // Relayed payments have left; what stays is what was paid without a relay.
        var balances = settings.Ledgers.Select(ledger => new JsonObject
        {
            ["ledgerId"] = ledger.Shortcode,
            ["ledgerSymbol"] = ledger.Symbol,
            ["canisterId"] = ledger.CanisterId,
            ["decimals"] = ledger.Decimals,
            ["balance"] = Payments()
                .Where(p => IntentOf(p).Symbol == ledger.Symbol && p is { ReceivedBlock: not null, RelayBlock: null })
                .Aggregate(BigInteger.Zero, (sum, p) => sum + p.Paid)
                .ToString(CultureInfo.InvariantCulture),
        });
        return new JsonObject { ["balances"] = new JsonArray([.. balances]) };
    }

    private JsonObject IntentWithPayment(string id)
    {
        var intent = FindIntent(id);
        var payment = Payments().LastOrDefault(p => p.IntentId == id);
        return new JsonObject
        {
            ["paymentIntent"] = shapes.Intent(intent),
            ["payment"] = payment is null ? null : shapes.Payment(payment, intent),
        };
    }

    private JsonObject WebhookEvent(string id)
    {
        var delivery = log.Find<Delivery>(Delivery.Collection, id)
            ?? throw new ICPayException(404, "Webhook event not found");
        return new JsonObject
        {
            ["id"] = delivery.Id,
            ["status"] = delivery.Delivered ? "delivered" : "pending",
            ["attempts"] = delivery.Attempts,
            ["responseStatus"] = delivery.LastStatus,
            ["requestBody"] = delivery.Body,
        };
    }

    private JsonObject Account() => new()
    {
        ["id"] = "sandbox",
        ["name"] = "Sandbox merchant",
        ["isActive"] = true,
        ["isLive"] = false,
        ["accountCanisterId"] = settings.AccountCanisterId,
    };

    private JsonArray Ledgers() => new([.. settings.Ledgers.Select(l => ICPayShapes.Ledger(l, time.GetUtcNow()))]);

    private IReadOnlyList<Payment> Payments() => log.All<Payment>(Payment.Collection);

    private Intent IntentOf(Payment payment) => log.Find<Intent>(Intent.Collection, payment.IntentId)!;

    private Intent FindIntent(string id) =>
        log.Find<Intent>(Intent.Collection, id) ?? throw new ICPayException(404, "Payment intent not found");

    private void RequireAnyKey(HttpRequest request)
    {
        if (Bearer(request) is not { } key || (key != publishableKey && key != secretKey))
        {
            throw new ICPayException(401, "Unauthorized");
        }
    }

    private ValueTask<object?> RequireSecretKeyAsync(
        EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        Bearer(context.HttpContext.Request) == secretKey
            ? next(context)
            : throw new ICPayException(401, "Unauthorized");

    private static string? Bearer(HttpRequest request) =>
        request.Headers.Authorization.ToString() is { } header && header.StartsWith("Bearer ", StringComparison.Ordinal)
            ? header[7..]
            : null;

    private static Payment[] Page(IQueryCollection query, Payment[] found, out int limit, out int offset)
    {
        limit = Math.Clamp(Number(query["limit"], 50), 1, 100);
        offset = Math.Max(Number(query["offset"], 0), 0);
        return [.. found.Skip(offset).Take(limit)];
    }

    private static JsonObject List(IEnumerable<JsonObject> items, int total, int limit, int offset)
    {
        var array = new JsonArray([.. items]);
        return new JsonObject
        {
            ["payments"] = array,
            ["total"] = total,
            ["limit"] = limit,
            ["offset"] = offset,
            ["hasMore"] = offset + array.Count < total,
        };
    }

    private static int Number(StringValues text, int otherwise) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : otherwise;

    private static DateTimeOffset? Instant(StringValues text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at
            : null;

    private static JsonElement? Property(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : null;

    // Numbers keep their digits: amounts may come as text or as a JSON number.
    private static string? Text(JsonElement? element) => element switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => null,
    };

    private static async Task<JsonElement> BodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<JsonElement>(
                request.Body, cancellationToken: cancellationToken);
        }
        catch (JsonException)
        {
            throw new ICPayException(400, "Invalid JSON");
        }
    }

    private static async Task AnswerErrorsAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (ICPayException e)
        {
            context.Response.StatusCode = e.Status;
            await context.Response.WriteAsJsonAsync(
                new
                {
                    statusCode = e.Status,
                    message = e.Message,
                    error = e.Status == 404 ? "Not Found" : "Bad Request"
                });
        }
    }

    private sealed record ShapeChoice(string Shape);
}
