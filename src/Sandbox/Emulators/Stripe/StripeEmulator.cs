using System.Globalization;
using System.Text.Json.Nodes;

namespace Decent.Sandbox.Emulators.Stripe;

/// <summary>Stripe over HTTP: the endpoints a merchant uses, and control calls for what a buyer does.</summary>
internal sealed class StripeEmulator(
    DocumentLog log, StripeShapes shapes, StripeBook book, WebhookSender sender, string secretKey)
{
    /// <summary>Adds the endpoints.</summary>
    public void Map(WebApplication app)
    {
        app.Use(AnswerErrorsAsync);
        var v1 = app.MapGroup("/v1").AddEndpointFilter(RequireKeyAsync);
        v1.MapPost("/checkout/sessions", (HttpRequest r, CancellationToken ct) => PostAsync(r, book.CreateSession, ct));
        v1.MapGet("/checkout/sessions", Sessions);
        v1.MapGet("/checkout/sessions/{id}", (string id, HttpRequest r) => Session(id, r));
        v1.MapPost("/checkout/sessions/{id}/expire", (string id, HttpRequest r, CancellationToken ct) =>
            PostAsync(r, (form, key) => book.Expire(id, form, key), ct));
        v1.MapGet("/payment_intents/{id}", (string id, HttpRequest r) => Intent(id, r));
        v1.MapGet("/charges/{id}", (string id, HttpRequest r) => Charge(id, r));
        v1.MapPost("/refunds", (HttpRequest r, CancellationToken ct) => PostAsync(r, book.CreateRefund, ct));
        v1.MapGet("/refunds", Refunds);
        v1.MapGet("/refunds/{id}", (string id) => StripeShapes.Refund(
            log.Find<Refund>(Refund.Collection, id) ?? throw StripeFault.Missing("refund", id)));
        v1.MapGet("/balance", () => book.Balance());
        v1.MapGet("/balance_transactions", BalanceTransactions);
        v1.MapGet("/balance_transactions/{id}", (string id) => StripeShapes.BalanceTransaction(
            log.Find<BalanceTransaction>(BalanceTransaction.Collection, id)
                ?? throw StripeFault.Missing("balance transaction", id)));
        v1.MapGet("/events", Events);
        v1.MapGet("/events/{id}", (string id) => JsonNode.Parse(
            (log.Find<Delivery>(Delivery.Collection, id) ?? throw StripeFault.Missing("event", id)).Body)!.AsObject());

        var control = app.MapGroup("/control");
        control.MapPost("/sessions/{id}/pay", (string id) => Woken(shapes.Session(book.Pay(id))));
        ControlCalls.MapDeliveries(control, log, sender);
    }

    private async Task<IResult> PostAsync(
        HttpRequest request, Func<StripeForm, string?, (int Status, string Body)> effect,
        CancellationToken cancellationToken)
    {
        var key = request.Headers["Idempotency-Key"].ToString();
        var form = await StripeForm.ReadAsync(request, cancellationToken);
        var (status, body) = effect(form, key.Length == 0 ? null : key);
        sender.Wake();
        return Results.Text(body, "application/json", statusCode: status);
    }

    private JsonObject Session(string id, HttpRequest request)
    {
        var session = book.FindSession(id);
        var shape = shapes.Session(session);
        if (session.PaymentIntentId is { } intent && Expands(request, "payment_intent"))
        {
            shape["payment_intent"] = shapes.PaymentIntent(book.FindCapture(intent));
        }

        return shape;
    }

    private JsonObject Intent(string id, HttpRequest request) => shapes.PaymentIntent(
        book.FindCapture(id), Expands(request, "latest_charge"), Expands(request, "latest_charge.balance_transaction"));

    private JsonObject Charge(string id, HttpRequest request) => shapes.Charge(
        log.All<Capture>(Capture.Collection).FirstOrDefault(c => c.ChargeId == id)
            ?? throw StripeFault.Missing("charge", id),
        Expands(request, "balance_transaction"));

    private JsonObject Sessions(HttpRequest request)
    {
        string? intent = request.Query["payment_intent"];
        string? status = request.Query["status"];
        return Page(request, log.All<Session>(Emulators.Stripe.Session.Collection)
            .Where(s => (intent is null || s.PaymentIntentId == intent) && (status is null || s.Status == status))
            .Select(s => (s.CreatedAt, shapes.Session(s))));
    }

    private static JsonObject Page(HttpRequest request, IEnumerable<(DateTimeOffset At, JsonObject Shape)> items)
    {
        var limit = int.TryParse(request.Query["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            ? Math.Clamp(n, 1, 100)
            : 10;
        string? after = request.Query["starting_after"];
        var from = Unix(request, "created[gte]");
        var to = Unix(request, "created[lte]");

        // Newest first; the cursor names the last object the caller has.
        var newest = items
            .Where(
                i =>
                    (from is null || i.At.ToUnixTimeSeconds() >= from)
                        && (to is null || i.At.ToUnixTimeSeconds() <= to))
            .Select(i => i.Shape)
            .Reverse();
        var rest = after is null
            ? newest.ToArray()
            : newest.SkipWhile(s => s["id"]!.GetValue<string>() != after).Skip(1).ToArray();
        return StripeShapes.List(request.Path, rest.Take(limit), rest.Length > limit);
    }

    private JsonObject Refunds(HttpRequest request)
    {
        string? intent = request.Query["payment_intent"];
        string? charge = request.Query["charge"];
        return Page(request, log.All<Refund>(Refund.Collection)
            .Where(r => (intent is null || r.PaymentIntentId == intent) && (charge is null || r.ChargeId == charge))
            .Select(r => (r.CreatedAt, StripeShapes.Refund(r))));
    }

    private JsonObject BalanceTransactions(HttpRequest request)
    {
        string? source = request.Query["source"];
        string? type = request.Query["type"];
        return Page(request, log.All<BalanceTransaction>(BalanceTransaction.Collection)
            .Where(t => (source is null || t.Source == source) && (type is null || t.Type == type))
            .Select(t => (t.CreatedAt, StripeShapes.BalanceTransaction(t))));
    }

    private JsonObject Events(HttpRequest request)
    {
        string? type = request.Query["type"];
        var types = request.Query["types[]"].ToArray();
        string? delivered = request.Query["delivery_success"];
        return Page(request, log.All<Delivery>(Delivery.Collection)
            .Where(d => d.Id == d.EventId)
            .Where(d => (type is null || d.Type == type) && (types.Length == 0 || types.Contains(d.Type)))
            .Where(d => delivered is null || d.Delivered == (delivered == "true"))
            .Select(d => JsonNode.Parse(d.Body)!.AsObject())
            .Select(e => (DateTimeOffset.FromUnixTimeSeconds(e["created"]!.GetValue<long>()), e)));
    }

    private JsonObject Woken(JsonObject answer)
    {
        sender.Wake();
        return answer;
    }

    private ValueTask<object?> RequireKeyAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.Request.Headers.Authorization == $"Bearer {secretKey}"
            ? next(context)
            : throw new StripeFault(401, "invalid_request_error", null, "Invalid API Key provided.");

    private static long? Unix(HttpRequest request, string key) =>
        long.TryParse(request.Query[key], NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;

    // expand[]=a.b expands a too; clients write expand[] or expand[0].
    private static bool Expands(HttpRequest request, string path) => request.Query
        .Where(p => p.Key.StartsWith("expand", StringComparison.Ordinal))
        .SelectMany(p => p.Value)
        .Any(v => v == path || (v?.StartsWith(path + ".", StringComparison.Ordinal) ?? false));

    private static async Task AnswerErrorsAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.Headers["Request-Id"] = RandomText.Id("req_", 14);
        try
        {
            await next(context);
        }
        catch (StripeFault e)
        {
            context.Response.StatusCode = e.Status;
            await context.Response.WriteAsJsonAsync(
                new { error = new { type = e.Type, code = e.Code, message = e.Message, param = e.Param } });
        }
    }
}
