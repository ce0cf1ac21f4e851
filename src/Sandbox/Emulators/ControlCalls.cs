using System.Text.Json.Nodes;

namespace Decent.Sandbox.Emulators;

/// <summary>Control calls that both emulators have: what was delivered, and delivering it again.</summary>
internal static class ControlCalls
{
    /// <summary>Adds <c>GET deliveries</c>, <c>GET idle</c> and <c>POST redeliver</c>.</summary>
    public static void MapDeliveries(RouteGroupBuilder group, DocumentLog log, WebhookSender sender)
    {
        group.MapGet("/deliveries", () => new JsonArray([.. log.All<Delivery>(Delivery.Collection).Select(Shape)]));
        group.MapGet("/idle", () => new JsonObject { ["pending"] = sender.Pending });
        group.MapPost("/redeliver", (RedeliverRequest request) => request.Times is < 1 or > 100
            ? Results.BadRequest(new { message = "times must be 1 to 100" })
            : Results.Ok(new { added = sender.Redeliver(request.Times, request.Seed, request.Subject) }));
    }

    private static JsonNode Shape(Delivery d) => new JsonObject
    {
        ["id"] = d.Id,
        ["eventId"] = d.EventId,
        ["type"] = d.Type,
        ["subject"] = d.Subject,
        ["delivered"] = d.Delivered,
        ["attempts"] = d.Attempts,
        ["lastStatus"] = d.LastStatus,
        ["body"] = d.Body,
    };

    private sealed record RedeliverRequest(int Times, int Seed, string? Subject);
}
