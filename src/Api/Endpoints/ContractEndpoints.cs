using Decent.Api.Composition;
using Decent.Payments.Commands;
using Decent.Payments.Contracts;
using Decent.Payments.Refunds;
using Decent.Payments.Releases;

namespace Decent.Api.Endpoints;

/// <summary>A contract to register.</summary>
/// <param name="Id">Id of the marketplace, 1 to 64 of <c>A-Z a-z 0-9 _ -</c>.</param>
/// <param name="ProviderId">Who provides.</param>
/// <param name="RenterId">Who pays.</param>
/// <param name="Price">Price in a currency at scale 9.</param>
/// <param name="ServiceStart">Start of the service window.</param>
/// <param name="ServiceEnd">End of the service window, exclusive.</param>
/// <param name="PaymentDeadline">Until when the payment must have been made.</param>
/// <param name="RefundAccount">ICRC-1 account of the renter for refunds of token payments.</param>
public sealed record ContractBody(
    string Id,
    string ProviderId,
    string RenterId,
    AmountView Price,
    DateTimeOffset ServiceStart,
    DateTimeOffset ServiceEnd,
    DateTimeOffset PaymentDeadline,
    string? RefundAccount = null);

/// <summary>A reason given by a person.</summary>
/// <param name="Reason">Why, 1 to 500 characters.</param>
public sealed record ReasonBody(string Reason);

/// <summary>A contract with its history.</summary>
/// <param name="Contract">The contract.</param>
/// <param name="Events">What happened to it, oldest first.</param>
public sealed record ContractDetail(ContractView Contract, IReadOnlyList<ContractEventView> Events);

/// <summary>Contracts, their releases and their refunds.</summary>
internal static class ContractEndpoints
{
    public static void MapContracts(this IEndpointRouteBuilder api)
    {
        api.MapPost("/contracts", CreateAsync).WithName("CreateContract").RequireAuthorization(Scopes.ContractsWrite);
        api.MapGet("/contracts", ListAsync).WithName("ListContracts").RequireAuthorization(Scopes.ContractsRead);
        api.MapGet("/contracts/{id}", GetAsync).WithName("GetContract").RequireAuthorization(Scopes.ContractsRead);
        api.MapGet("/contracts/{id}/settlement", SettlementAsync).WithName("GetSettlement").RequireAuthorization(Scopes.ContractsRead);
        api.MapPost("/contracts/{id}/cancel", CancelAsync).WithName("CancelContract").RequireAuthorization(Scopes.ContractsWrite);
        api.MapGet("/releases", ReleasesAsync).WithName("ListReleases").RequireAuthorization(Scopes.ContractsRead);
        api.MapGet("/refunds", RefundsAsync).WithName("ListRefunds").RequireAuthorization(Scopes.PaymentsRead);
    }

    /// <summary>Registers a contract that waits for its payment.</summary>
    private static async Task<Microsoft.AspNetCore.Http.HttpResults.Created<ContractView>> CreateAsync(
        ContractBody body, HttpContext context, IContracts contracts, CancellationToken cancellationToken)
    {
        var contract = new NewContract(
            body.Id,
            body.ProviderId,
            body.RenterId,
            body.Price.Amount,
            body.Price.Asset,
            body.ServiceStart,
            body.ServiceEnd,
            body.PaymentDeadline,
            body.RefundAccount);
        var view = RequestBodies.Answer(context, await contracts.CreateAsync(RequestBodies.Command(context), contract, cancellationToken));
        return TypedResults.Created($"/api/v1/contracts/{view.Id}", view);
    }

    /// <summary>Contracts, newest first.</summary>
    private static async Task<Page<ContractView>> ListAsync(
        IContracts contracts, string? state, string? cursor, int? limit, CancellationToken cancellationToken) =>
        await contracts.ListAsync(state, Paging.Of(cursor, limit), cancellationToken);

    /// <summary>One contract with its history.</summary>
    private static async Task<ContractDetail> GetAsync(string id, IContracts contracts, CancellationToken cancellationToken)
    {
        var view = await contracts.GetAsync(id, cancellationToken) ?? throw Unknown(id);
        return new ContractDetail(view, await contracts.EventsAsync(id, cancellationToken));
    }

    /// <summary>Where a contract's money is.</summary>
    private static async Task<SettlementView> SettlementAsync(string id, IContracts contracts, CancellationToken cancellationToken) =>
        await contracts.SettlementAsync(id, cancellationToken) ?? throw Unknown(id);

    /// <summary>Ends a contract: what is earned goes to the provider, the rest back to the renter.</summary>
    private static async Task<ContractView> CancelAsync(
        string id, ReasonBody body, HttpContext context, IContracts contracts, CancellationToken cancellationToken) =>
        RequestBodies.Answer(
            context, await contracts.CancelAsync(RequestBodies.Command(context), id, body.Reason, cancellationToken));

    /// <summary>Earned slices, newest first.</summary>
    private static async Task<Page<ReleaseView>> ReleasesAsync(
        IReleases releases, string? providerId, string? contractId, string? cursor, int? limit, CancellationToken cancellationToken) =>
        await releases.ListAsync(providerId, contractId, Paging.Of(cursor, limit), cancellationToken);

    /// <summary>Refunds, newest first.</summary>
    private static async Task<Page<RefundView>> RefundsAsync(
        IRefunds refunds, string? contractId, string? cursor, int? limit, CancellationToken cancellationToken) =>
        await refunds.ListAsync(contractId, Paging.Of(cursor, limit), cancellationToken);

    private static RefusedException Unknown(string id) =>
        new("contract_unknown", $"There is no contract '{id}'.", RefusalKind.NotFound);
}
