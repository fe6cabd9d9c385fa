from service.verification.reading import read


def words(text):
    return [word.text for word in read(text).words]


def test_markers_are_not_read_and_offsets_hold():
    text = "Operators were faster.^{14,17} Nobody fell [1, 2]. It was good.³"
    reading = read(text)
    assert len(reading.text) == len(text)
    assert not any(word.text.isdigit() for word in reading.words)
    assert all(text[word.start : word.end] == word.text for word in reading.words)


def test_each_row_of_a_table_is_a_sentence():
    text = "| Lung | CT | AUC 0.9 |\n| Liver | MRI | AUC 0.8 |"
    assert [text[start:end] for start, end in read(text).sentences] == text.split("\n")


def test_a_sentence_that_a_page_breaks_is_one():
    assert len(read("The accuracy was that of\n\ngeneral pathologists.").sentences) == 1


def test_yes_before_an_answer_is_not_part_of_it():
    assert words("Yes, it works.") == ["it", "works"]


def test_small_words_carry_no_matter():
    assert [word.text for word in read("It is also the heart of the matter").content] == ["heart", "matter"]
