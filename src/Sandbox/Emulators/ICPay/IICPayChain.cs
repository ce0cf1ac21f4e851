using System.Numerics;

namespace Decent.Sandbox.Emulators.ICPay;

/// <summary>The two transfers behind a payment: renter to ICPay, ICPay to the merchant.</summary>
internal interface IICPayChain
{
    /// <summary>Text of the principal that collects.</summary>
    string Collector { get; }

    /// <summary>A renter pays ICPay. The renter's wallet is filled first when it is short.</summary>
    /// <param name="ledger">Which ledger.</param>
    /// <param name="units">Amount, base units; the ledger's fee comes on top.</param>
    /// <param name="memo">ICPay's packed memo.</param>
    /// <param name="createdAtNs">created_at_time; the same value makes the same transfer.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The block.</returns>
    Task<ulong> PayAsync(
        ICPayLedger ledger, BigInteger units, byte[] memo, ulong createdAtNs, CancellationToken cancellationToken);

    /// <summary>ICPay forwards a payment; it pays the ledger's fee out of its own float.</summary>
    /// <param name="ledger">Which ledger.</param>
    /// <param name="to">Account text of the merchant.</param>
    /// <param name="units">Amount, base units.</param>
    /// <param name="memo">ICPay's packed memo.</param>
    /// <param name="createdAtNs">created_at_time; the same value makes the same transfer.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The block.</returns>
    Task<ulong> RelayAsync(
        ICPayLedger ledger, string to, BigInteger units, byte[] memo, ulong createdAtNs,
        CancellationToken cancellationToken);
}
