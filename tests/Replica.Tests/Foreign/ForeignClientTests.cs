namespace Decent.Replica.Tests.Foreign;

/// <summary>
/// An independent client, the official JavaScript agent with all its checks on, must accept the replica's right
/// answers and refuse its wrong ones.
/// </summary>
public sealed class ForeignClientTests(ForeignClient client) : IClassFixture<ForeignClient>
{
    public static TheoryData<string> Checks =>
    [
        "status",
        "query_is_signed_by_a_certified_node",
        "query_with_a_wrong_node_signature_is_refused",
        "call_is_certified",
        "transfer",
        "repeated_transfer_is_a_duplicate",
        "transfer_error_is_its_own_case",
        "call_with_a_wrong_certificate_is_refused_and_its_repeat_is_a_duplicate",
        "call_under_a_foreign_delegation_is_refused",
        "asynchronous_call_is_polled_by_read_state",
        "rejects_carry_code_and_message",
        "read_state",
        "node_keys_of_the_subnet",
        "other_identities",
        "blocks",
        "tip_certificate",
    ];

    [Theory]
    [MemberData(nameof(Checks))]
    public void The_official_agent_confirms(string check)
    {
        Assert.True(client.Faults.TryGetValue(check, out var fault), $"{check} did not run");
        Assert.True(fault is null, fault);
    }

    [Fact]
    public void Nothing_else_was_reported() =>
        Assert.Equal(Checks.Select(static c => c.Data), client.Faults.Keys, StringComparer.Ordinal);
}
