def test_a_passage_stands_between_its_neighbours(either, generation):
    first, second, third = generation.passages[:3]
    body = either.get(f"/v1/passages/{second.id}").json()
    assert (body["before"]["id"], body["id"], body["after"]["id"]) == (first.id, second.id, third.id)
    assert body["text"] == second.text


def test_neighbours_end_with_the_document(either, generation):
    hmp = [p.id for p in generation.passages if p.document_id == "hmp"]
    assert either.get(f"/v1/passages/{hmp[0]}").json()["before"] is None
    assert either.get(f"/v1/passages/{hmp[-1]}").json()["after"] is None


def test_every_passage_can_be_asked_for(client, generation):
    for passage in generation.passages:
        body = client.get(f"/v1/passages/{passage.id}").json()
        document = generation.documents[passage.document_id].text
        assert body["cited_text"] == " ".join(document[start:end] for start, end in passage.spans)
