using Decent.Candid;
using Decent.Canister.Client;
using Decent.Replica.Canisters;
using Decent.Replica.Execution;
using Decent.Replica.Faults;
using Decent.Replica.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Decent.Replica.Http;

/// <summary>The public HTTP interface of the Internet Computer.</summary>
internal sealed class ApiEndpoints(ReplicaEngine engine, FaultBoard faults, TimeProvider machine)
{
    private const ulong StaleNs = 600UL * 1_000_000_000;
    private const string NonReplicated = "non_replicated_rejection";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v2/status", () => Results.Bytes(CborAnswers.Status(engine), CborAnswers.ContentType));
        routes.MapPost("/api/v2/canister/{id}/call", (HttpContext http, string id) => CallAsync(http, id, wait: false));
        routes.MapPost("/api/v3/canister/{id}/call", (HttpContext http, string id) =>
            CallAsync(http, id, wait: true, RangesShown.Legacy));
        routes.MapPost("/api/v4/canister/{id}/call", (HttpContext http, string id) => CallAsync(http, id, wait: true));
        MapReads(routes, "v2", RangesShown.Legacy);
        MapReads(routes, "v3", RangesShown.Sharded);
    }

    private void MapReads(IEndpointRouteBuilder routes, string version, RangesShown ranges)
    {
        routes.MapPost($"/api/{version}/canister/{{id}}/query", QueryAsync);
        routes.MapPost(
            $"/api/{version}/canister/{{id}}/read_state",
            (HttpContext http, string id) => ReadStateAsync(http, id, subnetEndpoint: false, ranges));
        routes.MapPost(
            $"/api/{version}/subnet/{{id}}/read_state",
            (HttpContext http, string id) => ReadStateAsync(http, id, subnetEndpoint: true, ranges));
    }

    private async Task<IResult> CallAsync(
        HttpContext http, string id, bool wait, RangesShown ranges = RangesShown.Sharded)
    {
        var (refused, content, effective) = await ReadAsync(http, id, RequestKind.Call);
        if (refused is not null)
        {
            return refused;
        }

        if (content!.CanisterId != effective)
        {
            return Problem(400, "The effective canister id is not the called canister.");
        }

        if (FindRefusal(content) is { } reject)
        {
            return Cbor(CborAnswers.Refusal(reject, wait ? NonReplicated : null));
        }

        var fault = engine.IsKnown(content.Id)
            ? null
            : faults.Take(FaultTarget.Call, effective!.ToText(), content.MethodName);
        return await FaultyCallAsync(http, content, fault, wait, ranges);
    }

    private async Task<IResult> FaultyCallAsync(
        HttpContext http, RequestContent call, FaultRule? fault, bool wait, RangesShown ranges)
    {
        switch (fault?.Kind)
        {
            case FaultKind.DropRequest:
                return Abort(http);
            case FaultKind.ServiceUnavailable:
                return Problem(503, "The service is unavailable.");
            case FaultKind.AcceptThenLose:
                return Results.StatusCode(StatusCodes.Status202Accepted);
            case FaultKind.NonReplicatedReject:
                var full = new CanisterReply.Rejected(2, "The canister's queue is full", "IC0201");
                return Cbor(CborAnswers.Refusal(full, wait ? NonReplicated : null));
            case FaultKind.AcceptLate:
                _ = SubmitLateAsync(call, fault.DelayMs);
                return Results.StatusCode(StatusCodes.Status202Accepted);
            case FaultKind.DuplicateDelivery:
                _ = engine.SubmitAsync(call, UpdateFlags.None);
                break;
            default:
                break;
        }

        var execution = engine.SubmitAsync(call, Flags(fault?.Kind));
        if (!wait)
        {
            return Results.StatusCode(StatusCodes.Status202Accepted);
        }

        await execution;
        if (fault?.Kind == FaultKind.DropAnswer)
        {
            return Abort(http);
        }

        if (fault?.Kind == FaultKind.DelayAnswer)
        {
            await DelayAsync(fault.DelayMs, http.RequestAborted);
        }

        return Cbor(CborAnswers.Certified(
            Certificate([StatePath.RequestStatus(call.Id)], fault, ranges), synchronousCall: true));
    }

    private async Task<IResult> QueryAsync(HttpContext http, string id)
    {
        var (refused, content, effective) = await ReadAsync(http, id, RequestKind.Query);
        if (refused is not null)
        {
            return refused;
        }

        if (content!.CanisterId != effective)
        {
            return Problem(400, "The effective canister id is not the called canister.");
        }

        var fault = faults.Take(FaultTarget.Query, effective!.ToText(), content.MethodName);
        if (await FaultyReadAsync(http, fault) is { } spoiled)
        {
            return spoiled;
        }

        var (reply, time) = engine.Query(content);
        return Cbor(CborAnswers.QueryAnswer(
            engine, content.Id, reply, time, fault?.Kind == FaultKind.WrongNodeSignature));
    }

    private async Task<IResult> ReadStateAsync(HttpContext http, string id, bool subnetEndpoint, RangesShown ranges)
    {
        var (refused, content, effective) = await ReadAsync(http, id, RequestKind.ReadState);
        if (refused is not null)
        {
            return refused;
        }

        if (subnetEndpoint && effective != engine.SubnetId)
        {
            return Problem(400, "This node belongs to another subnet.");
        }

        if (ReadStateRules.FindFault(engine, content!, effective!, subnetEndpoint) is { } forbidden)
        {
            return Problem(forbidden.Code, forbidden.Why);
        }

        var fault = faults.Take(FaultTarget.ReadState, effective!.ToText(), null);
        if (await FaultyReadAsync(http, fault) is { } spoiled)
        {
            return spoiled;
        }

        return Cbor(CborAnswers.Certified(Certificate(content!.Paths, fault, ranges), synchronousCall: false));
    }

    private byte[] Certificate(IReadOnlyList<StatePath> paths, FaultRule? fault, RangesShown ranges) =>
        engine.Certificate(
            fault?.Kind == FaultKind.PruneStatus ? [] : paths,
            new CertificateForm(
                fault?.Kind == FaultKind.ForeignDelegation ? RangesShown.Foreign : ranges,
                fault?.Kind == FaultKind.StaleCertificate ? StaleNs : 0,
                fault?.Kind == FaultKind.WrongCertificateSignature));

    /// <summary>What all requests have in common: body, envelope, expiry, signature.</summary>
    private async Task<(IResult? Refused, RequestContent? Content, Principal? Effective)> ReadAsync(
        HttpContext http, string id, RequestKind kind)
    {
        if (!Principal.TryParse(id, out var effective))
        {
            return (Problem(400, "The address names no principal."), null, null);
        }

        if (await BodyAsync(http.Request, http.RequestAborted) is not { } body)
        {
            return (Problem(413, $"A request has at most {IngressRules.MaxBody} bytes."), null, null);
        }

        try
        {
            var envelope = RequestEnvelope.Parse(body);
            return IngressRules.FindFault(envelope, kind, engine.NowNs()) is { } fault
                ? (Problem(400, fault), null, null)
                : (null, envelope.Content, effective);
        }
        catch (RequestFormatException malformed)
        {
            return (Problem(400, malformed.Message), null, null);
        }
    }

    private static async Task<byte[]?> BodyAsync(HttpRequest request, CancellationToken ct)
    {
        if (request.ContentLength > IngressRules.MaxBody)
        {
            return null;
        }

        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, ct)) > 0)
        {
            if (body.Length + read > IngressRules.MaxBody)
            {
                return null;
            }

            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }

    private CanisterReply.Rejected? FindRefusal(RequestContent call)
    {
        if (engine.Find(call.CanisterId!) is not { } canister)
        {
            return CanisterReply.CanisterNotFound(call.CanisterId!.ToText());
        }

        return canister.Inspect(call.MethodName!, call.Sender)
            ? null
            : CanisterReply.RefusedByInspection(canister.Id.ToText());
    }

    private async Task<IResult?> FaultyReadAsync(HttpContext http, FaultRule? fault)
    {
        switch (fault?.Kind)
        {
            case FaultKind.DropRequest or FaultKind.DropAnswer:
                return Abort(http);
            case FaultKind.ServiceUnavailable:
                return Problem(503, "The service is unavailable.");
            case FaultKind.DelayAnswer:
                await DelayAsync(fault.DelayMs, http.RequestAborted);
                return null;
            default:
                return null;
        }
    }

    private async Task SubmitLateAsync(RequestContent call, int delayMs)
    {
        await DelayAsync(delayMs, CancellationToken.None);
        if (call.IngressExpiryNs >= engine.NowNs())
        {
            await engine.SubmitAsync(call, UpdateFlags.None);
        }
    }

    private Task DelayAsync(int milliseconds, CancellationToken ct) =>
        Task.Delay(TimeSpan.FromMilliseconds(milliseconds), machine, ct);

    private static UpdateFlags Flags(FaultKind? fault) => fault switch
    {
        FaultKind.TrapAfterCommit => UpdateFlags.TrapAfterCommit,
        FaultKind.StatusDone => UpdateFlags.StatusDone,
        _ => UpdateFlags.None,
    };

    private static IResult Abort(HttpContext http)
    {
        http.Abort();
        return Results.Empty;
    }

    private static IResult Cbor(byte[] body) => Results.Bytes(body, CborAnswers.ContentType);

    private static IResult Problem(int code, string why) => Results.Text(why, "text/plain", statusCode: code);
}
