using Decent.Api.Composition;
using Decent.Payments.Commands;
using Decent.Payments.Reconciliation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Decent.Api.Endpoints;

/// <summary>Comparing rails, books and chain.</summary>
internal static class ReconciliationEndpoints
{
    public static void MapReconciliation(this IEndpointRouteBuilder api)
    {
        api.MapPost("/reconciliation/runs", RunAsync).WithName("RunReconciliation").RequireAuthorization(Scopes.FindingsWrite);
        api.MapGet("/reconciliation/runs/latest", LatestAsync).WithName("GetLatestReconciliation").RequireAuthorization(Scopes.FindingsRead);
        api.MapGet("/reconciliation/findings", FindingsAsync).WithName("ListFindings").RequireAuthorization(Scopes.FindingsRead);
    }

    /// <summary>Runs every comparison now.</summary>
    private static async Task<Created<ReconciliationRun>> RunAsync(
        HttpContext context, IReconciliation reconciliation, CancellationToken cancellationToken)
    {
        var run = RequestBodies.Answer(context, await reconciliation.RunAsync(RequestBodies.Command(context), cancellationToken));
        return TypedResults.Created("/api/v1/reconciliation/runs/latest", run);
    }

    /// <summary>The last run.</summary>
    private static async Task<ReconciliationRun> LatestAsync(IReconciliation reconciliation, CancellationToken cancellationToken) =>
        await reconciliation.LatestAsync(cancellationToken)
        ?? throw new RefusedException("run_unknown", "No reconciliation has run yet.", RefusalKind.NotFound);

    /// <summary>Findings, newest first.</summary>
    private static async Task<Page<FindingView>> FindingsAsync(
        IFindings findings, string? state, CancellationToken cancellationToken) =>
        new(await findings.ListAsync(QueryEnum.Read<FindingState>(state, "state"), cancellationToken), null);
}
